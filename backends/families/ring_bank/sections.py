"""Sections of the ring bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, flag, number


@dataclass(frozen=True, slots=True)
class InputRing(Section):
    """Ring modulator that puts one input on its line; the others pass it."""

    KEY: ClassVar[str] = "input_ring"
    drive_fj: float = number(0, 1e6)  # per symbol
    static_mw: float = number(0, 1000)
    loss_db: float = number(0, 30)
    bypass_loss_db: float = number(0, 30)  # of a ring tuned to another line, weight rings included
    extinction_db: float = number(0, 80, open_low=True)
    bandwidth_ghz: float = number(0, 1000, open_low=True)
    idle_fraction: float = number(0, 1)  # share of drive_fj at full rate drawn while powered but not modulating


@dataclass(frozen=True, slots=True)
class Bank(Section):
    """Broadcast to the outputs."""

    KEY: ClassVar[str] = "bank"
    branch_loss_db: float = number(0, 30)  # excess loss of one Y branch
    latency_ps: float = number(0, 1e9)


@dataclass(frozen=True, slots=True)
class BankNoise(Section):
    """Switches of the noise model, one per term."""

    KEY: ClassVar[str] = "noise"
    shot: bool = flag()
    thermal: bool = flag()
    rin: bool = flag()
    crosstalk: bool = flag()  # rings that drop part of their neighbours' lines
    weight_setting: bool = flag()
    drift: bool = flag()
    isi: bool = flag()
    jitter: bool = flag()
    extinction: bool = flag()  # light of a modulator at zero
