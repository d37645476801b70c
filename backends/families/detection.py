"""One detected partial sum, whatever the family: link budget and simulator read the same `Detection`."""

from __future__ import annotations

import math
from dataclasses import dataclass

from heliograph.backends.families.operands import Moments
from heliograph.backends.families.terms import Term
from heliograph.backends.link import LinkBudget, NoiseRow, PowerRow
from heliograph.backends.physics.devices import predistorted_error, transfer_error
from heliograph.backends.precision import Precision
from heliograph.backends.slices import SliceNoise

Leak = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """Light, receiver and errors of one partial sum. `unit_a` is the current of one full-scale product.

    `weight_errors` are rms errors of a held weight by name; `terms` what is drawn per detection; `leak` couples
    outputs; `isi` is the share of the symbol before. The ADC spans [0, ports], or [-ports, ports] when `signed`.
    `beat` and `modulator` are those of `SliceNoise`; `in_band_rms` is the rms of the static beat over its phases.
    """

    power: tuple[PowerRow, ...]
    received_dbm: float
    power_w: float
    unit_a: float
    bandwidth_hz: float
    osnr_db: float | None
    ports: int
    signed: bool
    moments: Moments
    floor: float
    terms: tuple[Term, ...]
    weight_errors: tuple[tuple[str, float], ...]
    leak: Leak
    isi: float
    range_rms: float
    beat: Leak = ()
    in_band_rms: float = 0.0
    modulator: str = "ideal"
    modulator_power: int = 2


@dataclass(frozen=True, slots=True)
class AdcRange:
    """Range and step of the ADC in units of one full-scale product."""

    low: float
    high: float
    step: float


def adc_range(found: Detection, precision: Precision) -> AdcRange:
    """Full scale [0, N] or [-N, N]; calibrated: +- range_rms signal rms around the mean."""
    low, high = (-float(found.ports) if found.signed else 0.0), float(found.ports)
    if precision.adc_range == "calibrated":
        reach = found.range_rms * found.moments.rms
        low, high = found.moments.mean - reach, found.moments.mean + reach
    return AdcRange(low, high, (high - low) / float(2**precision.adc_bits))


def budget_of(found: Detection, precision: Precision) -> LinkBudget:
    """Evaluate every term for uniform operands, all ports in use, on the output with most leak."""
    ua, moments = found.unit_a * 1e6, found.moments
    rows = [NoiseRow(t.name, ua * t.rms(moments), averages=True) for t in found.terms]
    if found.beat:
        rows.append(NoiseRow("in-band", ua * found.in_band_rms, averages=False))
    leak = max((math.sqrt(math.fsum(e**2 for e in row)) for row in found.leak), default=0.0)
    if leak:
        rows.append(NoiseRow("out-of-band", ua * moments.rms * leak, averages=False))
    weights = math.sqrt(moments.inputs_sq)
    rows += [NoiseRow(name, ua * weights * sigma, averages=False) for name, sigma in found.weight_errors]
    if found.isi:
        share = found.isi / precision.repeats  # only the first repeat follows another symbol
        rows.append(NoiseRow("inter-symbol", ua * math.sqrt(moments.change_sq) * share, averages=False))
    if found.modulator != "ideal":
        error = math.sqrt(found.ports / 3) * (1 - found.floor) * _modulator_error(found, precision)
        rows.append(NoiseRow("modulator", ua * error, averages=False))
    # the mean of all repeats is rounded, once
    rows.append(NoiseRow("adc", ua * adc_range(found, precision).step / math.sqrt(12), averages=False))
    return LinkBudget(
        power=found.power,
        noise=tuple(rows),
        received_dbm=found.received_dbm,
        p1_uw=found.power_w * 1e6,
        i1_ua=ua,
        full_scale_ua=ua * found.ports * (2 if found.signed else 1),
        mean_ua=ua * moments.mean,
        signal_rms_ua=ua * moments.rms,
        bandwidth_ghz=found.bandwidth_hz / 1e9,
        osnr_db=found.osnr_db,
        repeats=precision.repeats,
    )


def slice_of(found: Detection, precision: Precision) -> SliceNoise:
    """See `SliceNoise`."""
    adc = adc_range(found, precision)
    return SliceNoise(
        c0=math.fsum(t.c0 for t in found.terms),
        c1=math.fsum(t.c1 for t in found.terms),
        c2=math.fsum(t.c2 for t in found.terms),
        c3=math.fsum(t.c3 for t in found.terms),
        extinction_floor=found.floor,
        leak=found.leak,
        weight_sigma=math.hypot(*(sigma for _, sigma in found.weight_errors)),
        isi=found.isi,
        adc_step=adc.step,
        adc_low=adc.low,
        adc_high=adc.high,
        adc_range_rms=found.range_rms,
        beat=found.beat,
        modulator=found.modulator,
        modulator_power=found.modulator_power,
    )


def _modulator_error(found: Detection, precision: Precision) -> float:
    """Rms error of one input, full scale = 1."""
    if found.modulator == "sine":
        return transfer_error(found.modulator_power)
    return predistorted_error(precision.input_bits)


def walk(steps: list[tuple[str, float]]) -> tuple[PowerRow, ...]:
    """Levels along a light path: the first step is the launch power in dBm, the others are changes in dB."""
    rows, level = [], 0.0
    for label, change in steps:
        level += change
        rows.append(PowerRow(label, change + 0.0, level))
    return tuple(rows)
