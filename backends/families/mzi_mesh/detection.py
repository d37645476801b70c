"""Homodyne detection of one output of the mesh: I = 2 R sqrt(P_LO P) sum x w / norm."""

from __future__ import annotations

import math

from heliograph.backends.families.detection import Detection, walk
from heliograph.backends.families.mzi_mesh.sections import Mesh, MeshNoise
from heliograph.backends.families.operands import uniform
from heliograph.backends.families.terms import Term
from heliograph.backends.link import PowerRow
from heliograph.backends.physics import noise as physics
from heliograph.backends.physics.devices import isi_residual, spectral_norm, svd_sigma
from heliograph.backends.physics.units import milliwatt, ratio
from heliograph.backends.sections import Encoder
from heliograph.backends.target import Target


def columns(target: Target) -> int:
    """Interferometers that light passes: a unitary mesh on either side and the attenuator between them."""
    return target.opu.ports_in + target.opu.ports_out + 1


def path(target: Target) -> tuple[PowerRow, ...]:
    """From laser to photodiode pair for one input at |x| = 1 and a weight at full scale."""
    norm = spectral_norm(max(target.opu.ports_in, target.opu.ports_out))
    return walk(
        [
            ("launch", target.laser.launch_power_dbm),
            ("modulator", -target.section(Encoder).loss_db),
            (f"{columns(target)} interferometers", -columns(target) * target.section(Mesh).mzi_loss_db),
            ("matrix norm", -20 * math.log10(norm)),
        ]
    )


def detection(target: Target) -> Detection:
    """Uniform operands."""
    rows, on, opu, mesh = path(target), target.section(MeshNoise), target.opu, target.section(Mesh)
    power_w = ratio(rows[-1].power_dbm) * 1e-3
    oscillator_w = milliwatt(mesh.oscillator_dbm) * 1e-3
    unit_a = 2 * target.photodiode.responsivity_a_per_w * math.sqrt(power_w * oscillator_w)
    sigma = svd_sigma(mesh.phase_error_mrad * 1e-3, max(opu.ports_in, opu.ports_out))
    bandwidth_ghz = target.section(Encoder).bandwidth_ghz
    return Detection(
        power=rows,
        received_dbm=rows[-1].power_dbm,
        power_w=power_w,
        unit_a=unit_a,
        bandwidth_hz=target.tia.bandwidth_per_baud * opu.symbol_rate_gbd * 1e9,
        osnr_db=None,
        ports=opu.ports_in,
        signed=True,
        moments=uniform(opu.ports_in, 0.0, signed_weights=True, signed_inputs=True),
        floor=0.0,
        terms=_terms(target, oscillator_w, unit_a),
        weight_errors=(("phase setting", sigma),) if on.weight_setting else (),
        leak=((0.0,) * opu.ports_out,) * opu.ports_out,
        isi=isi_residual(bandwidth_ghz, opu.symbol_rate_gbd) if on.isi else 0.0,
        range_rms=target.adc.range_rms,
        modulator=on.modulator,
        modulator_power=1,
    )


def _terms(target: Target, oscillator_w: float, unit_a: float) -> tuple[Term, ...]:
    on, rate_hz = target.section(MeshNoise), target.opu.symbol_rate_gbd * 1e9
    b_e = target.tia.bandwidth_per_baud * rate_hz
    found: list[Term] = []
    if on.shot:  # of the local oscillator, far stronger than the signal
        current_a = oscillator_w * target.photodiode.responsivity_a_per_w + 2 * target.photodiode.dark_na * 1e-9
        found.append(Term("shot", c0=physics.shot_a2(current_a, b_e) / unit_a**2))
    if on.thermal:
        found.append(Term("thermal", c0=physics.thermal_a2(target.tia.noise_pa_per_sqrt_hz * 1e-12, b_e) / unit_a**2))
    if on.rin:
        share = physics.rin_share(target.laser.rin_db_per_hz, b_e)
        found.append(Term("rin", c2=share) if target.laser.rin_sharing == "one-pump" else Term("rin", c3=share))
    if on.jitter:
        found.append(Term("jitter", c3=physics.jitter_share(target.dac.jitter_fs * 1e-15, rate_hz / 2)))
    return tuple(found)
