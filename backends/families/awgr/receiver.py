"""What the ADC makes of a detected sum, and the slice noise as a whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

from heliograph.backends.families.awgr.light import leak_matrix
from heliograph.backends.families.awgr.noise import drift_error, isi_share, setting_error, terms
from heliograph.backends.families.awgr.operands import uniform
from heliograph.backends.physics.devices import extinction_floor
from heliograph.backends.precision import Precision
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target


@dataclass(frozen=True, slots=True)
class AdcRange:
    """Range and step of the ADC in units of one full-scale product."""

    low: float
    high: float
    step: float


def adc_range(target: Target, precision: Precision) -> AdcRange:
    """Full scale [0, N] or [-N, N]; calibrated: +- range_rms signal rms around the mean."""
    ports, signed = target.opu.ports_in, precision.rails == 2
    low, high = (-float(ports) if signed else 0.0), float(ports)
    if precision.adc_range == "calibrated":
        floor = extinction_floor(target.mzm.extinction_db)
        moments = uniform(ports, floor, signed_weights=signed)
        reach = target.adc.range_rms * moments.rms
        low, high = moments.mean - reach, moments.mean + reach
    return AdcRange(low, high, (high - low) / float(2**precision.adc_bits))


def slice_noise(target: Target, precision: Precision) -> SliceNoise:
    """See `SliceNoise`."""
    found = terms(target, precision.rails)
    adc = adc_range(target, precision)
    outs = target.opu.ports_out
    return SliceNoise(
        c0=math.fsum(t.c0 for t in found),
        c1=math.fsum(t.c1 for t in found),
        c2=math.fsum(t.c2 for t in found),
        c3=math.fsum(t.c3 for t in found),
        extinction_floor=extinction_floor(target.mzm.extinction_db),
        leak=leak_matrix(target) if target.noise.out_of_band else ((0.0,) * outs,) * outs,
        weight_sigma=math.hypot(setting_error(target), drift_error(target)),
        isi=isi_share(target),
        adc_step=adc.step,
        adc_low=adc.low,
        adc_high=adc.high,
        adc_range_rms=target.adc.range_rms,
    )
