"""Homodyne detection of one dot product (Hamerly 2019): I = 2 R sqrt(P_x P_w) sum x w, signs included."""

from __future__ import annotations

import math

from heliograph.backends.families.coherent.hardware import core
from heliograph.backends.families.coherent.sections import CoherentNoise, Dptc
from heliograph.backends.families.detection import Detection, walk
from heliograph.backends.families.operands import uniform
from heliograph.backends.families.terms import Term
from heliograph.backends.link import PowerRow
from heliograph.backends.physics import noise as physics
from heliograph.backends.physics.devices import isi_residual
from heliograph.backends.physics.units import decibel, ratio
from heliograph.backends.sections import Encoder
from heliograph.backends.target import Target

_SQUARE = 1 / 3  # E[x^2] of an operand uniform over [-1, 1]


def path(target: Target) -> tuple[PowerRow, ...]:
    """From laser to one photodiode pair: the operand that is split further, per wavelength, at |x| = 1."""
    array, made = target.section(Dptc), core(target)
    ways = max(made.rows, made.columns)
    return walk(
        [
            ("launch", target.laser.launch_power_dbm),
            ("modulator", -target.section(Encoder).loss_db),
            ("routers", -2 * array.router_loss_db),
            (f"split to {ways}", -decibel(ways)),
            ("branches", -math.ceil(math.log2(ways)) * array.branch_loss_db),
            ("phase shifter", -array.shifter_loss_db),
            ("coupler", -array.coupler_loss_db),
        ]
    )


def detection(target: Target) -> Detection:
    """Uniform operands; noise is that of the mean current over the symbols of one step."""
    rows, made = path(target), core(target)
    power_w = ratio(rows[-1].power_dbm) * 1e-3
    ports = made.symbols * made.wavelengths
    beat_a = 2 * target.photodiode.responsivity_a_per_w * power_w
    on = target.section(CoherentNoise)
    isi = isi_residual(target.section(Encoder).bandwidth_ghz, made.clock_gbd) if on.isi else 0.0
    return Detection(
        power=rows,
        received_dbm=rows[-1].power_dbm,
        power_w=power_w,
        unit_a=beat_a / made.symbols,
        bandwidth_hz=target.tia.bandwidth_per_baud * target.opu.symbol_rate_gbd * 1e9,
        osnr_db=None,
        ports=ports,
        signed=True,
        moments=uniform(ports, 0.0, signed_weights=True, signed_inputs=True),
        floor=0.0,
        terms=_terms(target, power_w, beat_a / made.symbols),
        weight_errors=(),
        leak=((0.0,) * made.columns,) * made.columns,
        isi=isi,
        range_rms=target.adc.range_rms,
        modulator=on.modulator,
        modulator_power=1,
    )


def _terms(target: Target, power_w: float, unit_a: float) -> tuple[Term, ...]:
    on, array, made = target.section(CoherentNoise), target.section(Dptc), core(target)
    step_hz = target.tia.bandwidth_per_baud * target.opu.symbol_rate_gbd * 1e9
    symbol_hz = step_hz * made.symbols
    found: list[Term] = []
    if on.shot:
        # both fields are on the photodiodes whatever their product: R (P_x E[x^2] + P_w E[w^2]) per wavelength
        light_a = 2 * _SQUARE * power_w * made.wavelengths * target.photodiode.responsivity_a_per_w
        dark_a = 2 * target.photodiode.dark_na * 1e-9
        found.append(Term("shot", c0=physics.shot_a2(light_a + dark_a, step_hz) / unit_a**2))
    if on.thermal:
        found.append(
            Term("thermal", c0=physics.thermal_a2(target.tia.noise_pa_per_sqrt_hz * 1e-12, step_hz) / unit_a**2)
        )
    if on.rin:
        if target.laser.rin_sharing == "one-pump":  # all lines of a symbol together, symbols by themselves
            found.append(Term("rin", c2=physics.rin_share(target.laser.rin_db_per_hz, step_hz)))
        else:
            found.append(Term("rin", c3=physics.rin_share(target.laser.rin_db_per_hz, symbol_hz)))
    if on.phase:  # cos(dphi) = 1 - dphi^2 / 2: the mean is a gain, the rest is noise
        found.append(Term("phase", c3=math.radians(array.phase_error_deg) ** 4 / 2))
    if on.encoding:
        found.append(Term("encoding", c3=2 * array.encoding_error**2))
    if on.jitter:
        share = physics.jitter_share(target.dac.jitter_fs * 1e-15, made.clock_gbd * 1e9 / 2)
        found.append(Term("jitter", c3=2 * share))  # of both operands
    return tuple(found)
