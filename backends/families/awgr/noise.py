"""Noise terms of one detection, normalised so that one full-scale product is 1 (see `SliceNoise`).

Link budget and simulator read the same terms: the budget evaluates them for uniform operands, the simulator for
the operands it has.
"""

from __future__ import annotations

from heliograph.backends.families.awgr.light import Light, in_band_leaks, light
from heliograph.backends.families.terms import Term
from heliograph.backends.physics import noise as physics
from heliograph.backends.physics.devices import drift_sigma, isi_residual, setting_sigma
from heliograph.backends.physics.units import ratio
from heliograph.backends.target import Target


def terms(target: Target, rails: int) -> tuple[Term, ...]:
    """The terms drawn per symbol that are switched on; each rail has its own photodiode and amplifier."""
    path, on = light(target), target.noise
    unit_a2, b_e = path.current_a**2, path.bandwidth_hz
    found: list[Term] = []
    if on.shot:
        dark_a2 = physics.shot_a2(target.photodiode.dark_na * 1e-9, b_e) * rails
        found.append(Term("shot", c0=dark_a2 / unit_a2, c1=physics.shot_a2(path.current_a, b_e) / unit_a2))
    if on.thermal:
        amplifier_a2 = physics.thermal_a2(target.tia.noise_pa_per_sqrt_hz * 1e-12, b_e) * rails
        found.append(Term("thermal", c0=amplifier_a2 / unit_a2))
    if on.rin:
        share = physics.rin_share(target.laser.rin_db_per_hz, b_e)
        shared = target.laser.rin_sharing == "one-pump"
        found.append(Term("rin", c2=share) if shared else Term("rin", c3=share))
    if on.ase and path.osnr_db is not None:
        found += _ase(target, path, path.osnr_db)
    if on.in_band == "random":
        found.append(in_band(target))
    if on.jitter:
        nyquist_hz = target.opu.symbol_rate_gbd * 1e9 / 2
        found.append(Term("jitter", c3=physics.jitter_share(target.dac.jitter_fs * 1e-15, nyquist_hz)))
    return tuple(found)


def in_band(target: Target) -> Term:
    """In-band leak, mean square over its phases: total^2 - sumsq is the sum over pairs of two different inputs."""
    share = physics.in_band_share(in_band_leaks(target), target.opu.ports_in)
    return Term("in-band", c2=share, c3=-share)


def _ase(target: Target, path: Light, osnr_db: float) -> list[Term]:
    osnr, b_e = ratio(osnr_db), path.bandwidth_hz
    beat_a2 = physics.ase_ase_a2(
        path.power_w,
        target.photodiode.responsivity_a_per_w,
        osnr,
        target.awgr.passband_ghz * 1e9,
        b_e,
    )
    return [
        Term("signal-ase", c3=physics.signal_ase_share(osnr, b_e)),
        Term("ase-ase", c0=target.opu.ports_in * beat_a2 / path.current_a**2),
    ]


def setting_error(target: Target) -> float:
    """Rms error of a weight from limited setting precision; 0 when switched off."""
    return setting_sigma(target.ring.setting_bits) if target.noise.weight_setting else 0.0


def drift_error(target: Target) -> float:
    """Rms error of a weight from temperature; 0 when switched off."""
    ring = target.ring
    if not target.noise.drift:
        return 0.0
    return drift_sigma(ring.drift_nm_per_k, ring.temperature_error_k, ring.q_factor, target.awgr.center_nm)


def isi_share(target: Target) -> float:
    """Share of the previous symbol left in this one; 0 when switched off."""
    if not target.noise.isi:
        return 0.0
    return isi_residual(target.mzm.bandwidth_ghz, target.opu.symbol_rate_gbd)
