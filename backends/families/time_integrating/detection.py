"""Charge of one step: Q = R T sum over K symbols of P x w. Currents are means over the step's window.

Noise is that of PHYSICS section 4: q Q + k T C + i_n^2 T K / 2 (Netcast, arXiv 2207.01777).
"""

from __future__ import annotations

import math

from heliograph.backends.families.detection import Detection, Leak, walk
from heliograph.backends.families.fields import clock_gbd
from heliograph.backends.families.operands import uniform
from heliograph.backends.families.terms import Term
from heliograph.backends.families.time_integrating.sections import Demux, Integrator, Server, StreamNoise
from heliograph.backends.link import PowerRow
from heliograph.backends.physics import noise as physics
from heliograph.backends.physics.devices import extinction_floor, isi_residual, setting_sigma
from heliograph.backends.physics.units import decibel, ratio
from heliograph.backends.precision import Precision
from heliograph.backends.target import Target


def clock(target: Target) -> float:
    """Rate of the modulators in GBd: a step takes opu.ports_in symbols."""
    return clock_gbd(target, target.opu.ports_in)


def path(target: Target) -> tuple[PowerRow, ...]:
    """From the server's laser to one photodiode, per wavelength at x = w = 1."""
    server, km = target.section(Server), target.cloud.fibre_km
    return walk(
        [
            ("launch", target.laser.launch_power_dbm),
            ("weight modulator", -server.loss_db),
            ("split among clients", -decibel(server.clients)),
            (f"{km:g} km of fibre", -km * target.fibre.loss_db_per_km),
            ("input modulator", -target.mzm.loss_db),
            ("demultiplexer", -target.section(Demux).loss_db),
        ]
    )


def leak_matrix(target: Target) -> Leak:
    """Share of one wavelength that arrives at the photodiode of another."""
    demux, lines = target.section(Demux), range(target.opu.ports_out)

    def share(apart: int) -> float:
        if apart == 0:
            return 0.0
        return ratio(demux.crosstalk_adjacent_db if apart == 1 else demux.crosstalk_other_db)

    return tuple(tuple(share(abs(a - b)) for b in lines) for a in lines)


def full_charge_c(target: Target, power_w: float) -> float:
    """Charge of a step with every input and weight at full scale."""
    window_s = 1 / (target.opu.symbol_rate_gbd * 1e9)
    return target.photodiode.responsivity_a_per_w * power_w * window_s


def detection(target: Target, precision: Precision) -> Detection:
    """Uniform operands; both outputs of the weight modulator end on a balanced pair when signed."""
    rows, on, opu = path(target), target.section(StreamNoise), target.opu
    server, signed, outs = target.section(Server), precision.rails == 2, opu.ports_out
    power_w = ratio(rows[-1].power_dbm) * 1e-3
    unit_a = power_w * target.photodiode.responsivity_a_per_w / opu.ports_in
    floor = extinction_floor(target.mzm.extinction_db) if on.extinction else 0.0
    residuals = (isi_residual(ghz, clock(target)) for ghz in (server.bandwidth_ghz, target.mzm.bandwidth_ghz))
    return Detection(
        power=rows,
        received_dbm=rows[-1].power_dbm,
        power_w=power_w,
        unit_a=unit_a,
        bandwidth_hz=opu.symbol_rate_gbd * 1e9 / 2,
        osnr_db=None,
        ports=opu.ports_in,
        signed=signed,
        moments=uniform(opu.ports_in, floor, signed_weights=signed),
        floor=floor,
        terms=_terms(target, unit_a, precision.rails),
        weight_errors=(("weight setting", setting_sigma(server.setting_bits)),) if on.weight_setting else (),
        leak=leak_matrix(target) if on.crosstalk else ((0.0,) * outs,) * outs,
        isi=math.fsum(residuals) if on.isi else 0.0,
        range_rms=target.adc.range_rms,
        modulator=on.modulator,
    )


def _terms(target: Target, unit_a: float, rails: int) -> tuple[Term, ...]:
    on, box, clock_hz = target.section(StreamNoise), target.section(Integrator), clock(target) * 1e9
    window_s = 1 / (target.opu.symbol_rate_gbd * 1e9)
    unit_c = unit_a * window_s
    found: list[Term] = []
    if on.shot:
        dark_c = rails * target.photodiode.dark_na * 1e-9 * window_s
        found.append(Term("shot", c0=physics.shot_c2(dark_c) / unit_c**2, c1=physics.shot_c2(unit_c) / unit_c**2))
    if on.ktc:
        found.append(Term("ktc", c0=physics.ktc_c2(box.capacitance_ff * 1e-15, box.temperature_k) / unit_c**2))
    if on.amplifier:
        found.append(Term("amplifier", c0=physics.amplifier_c2(box.noise_pa_per_sqrt_hz * 1e-12, window_s) / unit_c**2))
    if on.rin:
        # symbol by symbol: the noise of a window of K symbols is spread over its K products
        share = physics.rin_share(target.laser.rin_db_per_hz, clock_hz / 2)
        found.append(Term("rin", c3=share))
    if on.jitter:
        found.append(Term("jitter", c3=2 * physics.jitter_share(target.dac.jitter_fs * 1e-15, clock_hz / 2)))
    return tuple(found)


def overflow(target: Target, power_w: float) -> float:
    """Full charge over what the capacitor holds."""
    box = target.section(Integrator)
    return full_charge_c(target, power_w) / (box.capacitance_ff * 1e-15 * box.swing_v)


def crosstalk_bits(target: Target) -> float:
    """Bits that the demultiplexer's leak leaves: -log2 of the rms leak of uniform weights, full scale = 1."""
    worst = max(math.sqrt(math.fsum(e**2 for e in row)) for row in leak_matrix(target))
    return -math.log2(worst / math.sqrt(3)) if worst else math.inf
