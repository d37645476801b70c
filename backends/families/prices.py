"""Pieces of price lists that families share."""

from __future__ import annotations

from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.sections import Adc, Dac

MW_PS = 1e-15  # J in 1 mW during 1 ps
FJ = 1e-15
PJ = 1e-12


def dac_pj(dac: Dac, bits: float) -> float:
    """Energy in pJ of one conversion of `bits`: measured power over rate, scaled as 2^b / (b + 1)."""

    def size(b: float) -> float:
        return float(2**b / (b + 1))

    return dac.power_mw / dac.power_at_gsps * size(bits) / size(dac.bits)


def adc_pj(adc: Adc) -> float:
    """Energy in pJ of one conversion: Walden figure of merit x 2^ENOB."""
    return adc.walden_fj_per_step * float(2**adc.enob) * 1e-3


def line(component: str, boundary: Boundary, counter: str, joule: float) -> Rate:
    """One counter, one price."""
    return Rate(component, boundary, ((counter, joule),))


def powered(component: str, boundary: Boundary, counter: str, milliwatts: float) -> Rate:
    """Power drawn while powered."""
    return line(component, boundary, counter, milliwatts * MW_PS)


def idle(
    component: str, boundary: Boundary, counter: str, sample: str, sample_j: float, part: float, rate_gbd: float
) -> Rate:
    """What a device that is paid per sample draws between samples: `part` of its power at full rate."""
    per_ps = part * sample_j * rate_gbd * 1e-3
    return Rate(f"{component} idle", boundary, ((counter, per_ps), (sample, -part * sample_j)))
