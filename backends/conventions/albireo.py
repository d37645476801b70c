"""Power of Albireo (Shiflett et al., ISCA 2021) by component, from its model in CiMLoop.

9 groups of 3 units; a unit multiplies a 3 x 3 kernel with 5 windows. Device numbers: CiMLoop's Albireo model
(mit-emze/cimloop, 7nm_components.csv) in pJ per event or mW; the ADC follows from the paper's table III.
"""

from __future__ import annotations

from dataclasses import dataclass

GROUPS, UNITS, KERNEL, WINDOWS, INPUTS = 9, 3, 9, 5, 63
PRODUCTS = GROUPS * UNITS * KERNEL * WINDOWS
MODULATORS = GROUPS * UNITS * KERNEL + INPUTS
READERS = GROUPS * WINDOWS


@dataclass(frozen=True, slots=True)
class Scaling:
    """Device numbers of one of its three outlooks."""

    ring_mw: float
    modulator_mw: float
    laser_mw: float
    tia_pj: float
    dac_pj: float
    adc_pj: float
    converter_ghz: float  # rate at which converters and lasers draw the power of table III


SCALINGS = {
    "conservative": Scaling(3.1, 11.3, 1.94, 0.6, 5.2, 5.8, 5.0),
    "moderate": Scaling(0.388, 1.41, 0.0713, 0.3, 2.6, 2.9, 5.0),
    "aggressive": Scaling(0.155, 0.565, 0.0713, 0.0375, 0.325, 0.3625, 8.0),
}
CACHE_W = 0.03
CLOCK_GHZ = 5.0


def tops() -> float:
    """Two operations per product."""
    return 2 * PRODUCTS * CLOCK_GHZ / 1e3


def power_w(scaling: Scaling) -> dict[str, float]:
    """Watt by component."""
    return {
        "rings": 2 * PRODUCTS * scaling.ring_mw / 1e3,
        "modulators": MODULATORS * scaling.modulator_mw / 1e3,
        "lasers": PRODUCTS * scaling.laser_mw * scaling.converter_ghz / CLOCK_GHZ / 1e3,
        "amplifiers": READERS * scaling.tia_pj * CLOCK_GHZ / 1e3,
        "dac": MODULATORS * scaling.dac_pj * scaling.converter_ghz / 1e3,
        "adc": READERS * scaling.adc_pj * scaling.converter_ghz / 1e3,
        "cache": CACHE_W,
    }
