"""Sections of hardware that computes with fields, and of wavelength grids without a router."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, number


@dataclass(frozen=True, slots=True)
class Encoder(Section):
    """Push-pull modulator that puts a signed number on the amplitude of a field."""

    KEY: ClassVar[str] = "mzm"
    drive_fj: float = number(0, 1e6)  # per symbol, driver included
    loss_db: float = number(0, 30)
    bandwidth_ghz: float = number(0, 1000, open_low=True)
    idle_fraction: float = number(0, 1)


@dataclass(frozen=True, slots=True)
class Grid(Section):
    """Wavelengths of one waveguide: one channel per line, all of them at every port."""

    KEY: ClassVar[str] = "grid"
    center_nm: float = number(1000, 2000)
    spacing_nm: float = number(0, 50, open_low=True)
    fsr_nm: float = number(0, 1000, open_low=True)  # of the rings or filters that tell lines apart
