"""Timing of AWGR hardware in whole picoseconds."""

from __future__ import annotations

from heliograph.backends.families.common import chain_ps
from heliograph.backends.physics.fibre import walk_off_ps
from heliograph.backends.physics.units import ceil_ps, exact
from heliograph.backends.target import Target


def span_nm(target: Target) -> float:
    """Distance of the outermost of the N channels of one port."""
    return (max(target.opu.ports_in, target.opu.ports_out) - 1) * target.awgr.spacing_nm


def skew_ps(target: Target) -> float:
    """Walk-off in ps between the outermost of the N channels of one port, taken up by skew registers."""
    return walk_off_ps(target.cloud.fibre_km, target.fibre.dispersion_ps_per_nm_km, span_nm(target))


def hold_ps(target: Target) -> int:
    """Time in ps until a newly written weight tile may be used: all rings are written at once, then settle."""
    return ceil_ps(exact(target.ring.settle_ns) * 1000)


def fill_ps(target: Target) -> int:
    """Latency in ps of one symbol: DAC, light path on chip, wavelength skew, amplifier, ADC."""
    return chain_ps(target.dac, target.awgr, target.tia, target.adc, waiting=exact(skew_ps(target)))
