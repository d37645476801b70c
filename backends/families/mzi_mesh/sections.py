"""Sections of the mesh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, flag, modulator, number


@dataclass(frozen=True, slots=True)
class Mesh(Section):
    """Two unitary meshes and a column of attenuators, with homodyne detection at the end."""

    KEY: ClassVar[str] = "mesh"
    mzi_loss_db: float = number(0, 30)
    program_fj: float = number(0, 1e12)  # one interferometer set to a new phase, its converter not included
    hold_mw: float = number(0, 1000)  # one interferometer holding its phase
    settle_us: float = number(0, 1e6)
    phase_error_mrad: float = number(0, 1000)  # rms of a set phase
    oscillator_dbm: float = number(-60, 30)  # local oscillator at each photodiode pair
    latency_ps: float = number(0, 1e9)


@dataclass(frozen=True, slots=True)
class MeshNoise(Section):
    """Switches of the noise model, one per term."""

    KEY: ClassVar[str] = "noise"
    shot: bool = flag()
    thermal: bool = flag()
    rin: bool = flag()
    weight_setting: bool = flag()
    isi: bool = flag()
    jitter: bool = flag()
    modulator: str = modulator()  # drive of a Mach-Zehnder modulator
