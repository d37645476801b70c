"""Light and noise of one weighted sum."""

from __future__ import annotations

import math

from heliograph.backends.families.detection import Detection, walk
from heliograph.backends.families.operands import uniform
from heliograph.backends.families.ring_bank.sections import Bank, BankNoise, InputRing
from heliograph.backends.families.terms import Term
from heliograph.backends.link import PowerRow
from heliograph.backends.physics import noise as physics
from heliograph.backends.physics.devices import (
    drift_sigma,
    extinction_floor,
    isi_residual,
    lorentzian,
    ring_linewidth_ghz,
    setting_sigma,
)
from heliograph.backends.physics.units import decibel, ratio, spacing_ghz
from heliograph.backends.precision import Precision
from heliograph.backends.sections import Grid
from heliograph.backends.target import Target


def path(target: Target) -> tuple[PowerRow, ...]:
    """From laser to photodiode: each line passes the rings of all other lines, at the input and in the bank."""
    ring, bank, opu = target.section(InputRing), target.section(Bank), target.opu
    others = (opu.ports_in - 1) * ring.bypass_loss_db
    return walk(
        [
            ("launch", target.laser.launch_power_dbm),
            ("modulator", -ring.loss_db),
            ("other modulators", -others),
            (f"split to {opu.ports_out}", -decibel(opu.ports_out)),
            ("branches", -math.ceil(math.log2(opu.ports_out)) * bank.branch_loss_db),
            ("weight ring", -target.ring.loss_db),
            ("other weight rings", -others),
        ]
    )


def crosstalk_sigma(target: Target) -> float:
    """Rms error of a weight because its ring also drops part of the other lines, uniform weights in [0, 1]."""
    grid, ports = target.section(Grid), target.opu.ports_in
    width = ring_linewidth_ghz(target.ring.q_factor, grid.center_nm)
    apart = spacing_ghz(grid.center_nm, grid.spacing_nm)
    middle = ports // 2
    leaks = (lorentzian((p - middle) * apart / width) for p in range(ports) if p != middle)
    return math.sqrt(math.fsum(leak**2 for leak in leaks) / 3)


def detection(target: Target, precision: Precision) -> Detection:
    """Uniform operands; drop and through port of every weight ring end on a balanced pair when signed."""
    rows, on, opu = path(target), target.section(BankNoise), target.opu
    ring, ports, signed = target.section(InputRing), target.opu.ports_in, precision.rails == 2
    power_w = ratio(rows[-1].power_dbm) * 1e-3
    current_a = power_w * target.photodiode.responsivity_a_per_w
    floor = extinction_floor(ring.extinction_db) if on.extinction else 0.0
    nm = target.section(Grid).center_nm
    weights = target.ring
    errors = (
        ("weight setting", on.weight_setting, setting_sigma(weights.setting_bits)),
        (
            "ring drift",
            on.drift,
            drift_sigma(weights.drift_nm_per_k, weights.temperature_error_k, weights.q_factor, nm),
        ),
        ("ring crosstalk", on.crosstalk, crosstalk_sigma(target)),
    )
    return Detection(
        power=rows,
        received_dbm=rows[-1].power_dbm,
        power_w=power_w,
        unit_a=current_a,
        bandwidth_hz=target.tia.bandwidth_per_baud * opu.symbol_rate_gbd * 1e9,
        osnr_db=None,
        ports=ports,
        signed=signed,
        moments=uniform(ports, floor, signed_weights=signed),
        floor=floor,
        terms=_terms(target, current_a, precision.rails),
        weight_errors=tuple((name, sigma) for name, switched, sigma in errors if switched),
        leak=((0.0,) * opu.ports_out,) * opu.ports_out,
        isi=isi_residual(ring.bandwidth_ghz, opu.symbol_rate_gbd) if on.isi else 0.0,
        range_rms=target.adc.range_rms,
    )


def _terms(target: Target, unit_a: float, rails: int) -> tuple[Term, ...]:
    on, rate_hz = target.section(BankNoise), target.opu.symbol_rate_gbd * 1e9
    b_e = target.tia.bandwidth_per_baud * rate_hz
    found: list[Term] = []
    if on.shot:
        dark_a = rails * target.photodiode.dark_na * 1e-9
        found.append(
            Term("shot", c0=physics.shot_a2(dark_a, b_e) / unit_a**2, c1=physics.shot_a2(unit_a, b_e) / unit_a**2)
        )
    if on.thermal:  # a balanced pair has one amplifier
        found.append(Term("thermal", c0=physics.thermal_a2(target.tia.noise_pa_per_sqrt_hz * 1e-12, b_e) / unit_a**2))
    if on.rin:
        share = physics.rin_share(target.laser.rin_db_per_hz, b_e)
        found.append(Term("rin", c2=share) if target.laser.rin_sharing == "one-pump" else Term("rin", c3=share))
    if on.jitter:
        found.append(Term("jitter", c3=physics.jitter_share(target.dac.jitter_fs * 1e-15, rate_hz / 2)))
    return tuple(found)
