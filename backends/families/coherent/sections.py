"""Sections of the coherent array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, flag, modulator, number, whole


@dataclass(frozen=True, slots=True)
class Dptc(Section):
    """Crossbar of dot-product nodes: coupler, phase shifter, balanced photodiodes; all wavelengths at every node."""

    KEY: ClassVar[str] = "dptc"
    wavelengths: int = whole(1, 512)  # products added up per symbol; opu.ports_in is a multiple of it
    router_mw: float = number(0, 1000)  # static power of one ring that puts a line on, or takes it off, a waveguide
    router_loss_db: float = number(0, 30)  # of one ring; two per channel
    branch_loss_db: float = number(0, 30)  # excess loss of one Y branch
    shifter_loss_db: float = number(0, 30)
    coupler_loss_db: float = number(0, 30)
    phase_error_deg: float = number(0, 90)  # rms between the two fields of a node
    encoding_error: float = number(0, 1)  # rms of a modulated amplitude, relative
    latency_ps: float = number(0, 1e9)  # light's time through the array


@dataclass(frozen=True, slots=True)
class CoherentNoise(Section):
    """Switches of the noise model, one per term."""

    KEY: ClassVar[str] = "noise"
    shot: bool = flag()
    thermal: bool = flag()
    rin: bool = flag()
    phase: bool = flag()
    encoding: bool = flag()
    isi: bool = flag()  # inter-symbol interference
    jitter: bool = flag()
    modulator: str = modulator()  # drive of a Mach-Zehnder modulator
