"""Universal constants (SI, CODATA 2018) and conversions between decibels and ratios."""

from __future__ import annotations

import math
from fractions import Fraction

ELEMENTARY_CHARGE_C = 1.602176634e-19
PLANCK_J_S = 6.62607015e-34
BOLTZMANN_J_PER_K = 1.380649e-23
LIGHT_SPEED_M_PER_S = 299_792_458.0
OSNR_REFERENCE_HZ = 12.5e9  # bandwidth in which OSNR is stated by convention (0.1 nm)


def ratio(db: float) -> float:
    """Power ratio of a figure in dB."""
    return float(10.0 ** (db / 10.0))


def decibel(power_ratio: float) -> float:
    """Decibels of a power ratio; -inf for zero."""
    return 10.0 * math.log10(power_ratio) if power_ratio > 0 else -math.inf


def milliwatt(dbm: float) -> float:
    """Power in mW of a level in dBm."""
    return ratio(dbm)


def frequency_hz(wavelength_nm: float) -> float:
    """Optical frequency in Hz of a vacuum wavelength in nm."""
    return LIGHT_SPEED_M_PER_S / (wavelength_nm * 1e-9)


def spacing_ghz(center_nm: float, spacing_nm: float) -> float:
    """Frequency distance in GHz of two wavelengths `spacing_nm` apart around `center_nm`."""
    return LIGHT_SPEED_M_PER_S * spacing_nm / center_nm**2


def exact(value: float) -> Fraction:
    """The decimal number a user wrote, exactly (0.8 is 4/5, not its nearest binary fraction)."""
    return Fraction(repr(value))


def ceil_ps(time_ps: Fraction) -> int:
    """Whole picoseconds, rounded up."""
    return math.ceil(time_ps)
