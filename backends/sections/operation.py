"""Sections that say how the hardware is driven: number formats, and which noise is simulated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, choice, flag, modulator, whole


@dataclass(frozen=True, slots=True)
class Formats(Section):
    """Number formats on light (section ``precision``); a program may choose others per layer."""

    KEY: ClassVar[str] = "precision"
    input_bits: int = whole(1, 16)
    weight_bits: int = whole(1, 16)
    sign_scheme: str = choice("balanced", "offset", "two-pass")
    adc_range: str = choice("full-scale", "calibrated")
    repeats: int = whole(1, 1024)  # each partial sum is detected this often; the ADC rounds the mean


@dataclass(frozen=True, slots=True)
class Accounting(Section):
    """Whose rules a report also counts by: a published simulator's, beside our own (docs/cost.md)."""

    KEY: ClassVar[str] = "accounting"
    conventions: str = choice("own", "lightening-transformer")


@dataclass(frozen=True, slots=True)
class Noise(Section):
    """Switches of the noise model, one per term."""

    KEY: ClassVar[str] = "noise"
    shot: bool = flag()
    thermal: bool = flag()
    rin: bool = flag()
    ase: bool = flag()  # amplified spontaneous emission: signal-ASE and ASE-ASE beats
    in_band: str = choice("random", "static", "none")  # AWGR leak on the signal's own wavelength, and its phases
    out_of_band: bool = flag()  # AWGR leak on other wavelengths, linear
    weight_setting: bool = flag()
    drift: bool = flag()
    isi: bool = flag()  # inter-symbol interference
    jitter: bool = flag()
    extinction: bool = flag()  # light of a modulator at zero
    modulator: str = modulator()  # drive of a Mach-Zehnder modulator
