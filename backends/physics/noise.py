"""Noise terms of PHYSICS section 4 as pure functions: variances in A^2, from SI units."""

from __future__ import annotations

import math

from heliograph.backends.physics.units import (
    BOLTZMANN_J_PER_K,
    ELEMENTARY_CHARGE_C,
    LIGHT_SPEED_M_PER_S,
    OSNR_REFERENCE_HZ,
    PLANCK_J_S,
    decibel,
    ratio,
)


def shot_a2(current_a: float, bandwidth_hz: float) -> float:
    """Shot noise of a current: 2 q I B_e."""
    return 2 * ELEMENTARY_CHARGE_C * current_a * bandwidth_hz


def thermal_a2(noise_a_per_sqrt_hz: float, bandwidth_hz: float) -> float:
    """Input-referred amplifier noise: i_n^2 B_e."""
    return noise_a_per_sqrt_hz**2 * bandwidth_hz


def rin_share(rin_db_per_hz: float, bandwidth_hz: float) -> float:
    """Relative intensity noise as variance per squared current: RIN B_e."""
    return ratio(rin_db_per_hz) * bandwidth_hz


def osnr_db(input_dbm: float, noise_figure_db: float, amplifiers: int, wavelength_nm: float) -> float:
    """OSNR in 12.5 GHz behind equal amplifiers: 58 + P_in - NF - 10 log10(N); 58 is -10 log10(h nu 12.5 GHz)."""
    photon_j = PLANCK_J_S * LIGHT_SPEED_M_PER_S / (wavelength_nm * 1e-9)
    quantum_dbm = decibel(photon_j * OSNR_REFERENCE_HZ * 1e3)
    return input_dbm - quantum_dbm - noise_figure_db - decibel(amplifiers)


def signal_ase_share(osnr: float, bandwidth_hz: float) -> float:
    """Signal-ASE beat of one channel as variance per squared current: 2 B_e / (OSNR 12.5 GHz)."""
    return 2 * bandwidth_hz / (osnr * OSNR_REFERENCE_HZ)


def ase_ase_a2(
    power_w: float, responsivity_a_per_w: float, osnr: float, optical_hz: float, bandwidth_hz: float
) -> float:
    """ASE-ASE beat of one channel: 2 m_p R^2 S_sp^2 (2 B_o - B_e) B_e with both polarisations (m_p = 2).

    S_sp = P / (2 OSNR 12.5 GHz) is the noise density per polarisation in W/Hz.
    """
    density = power_w / (2 * osnr * OSNR_REFERENCE_HZ)
    beat_hz2 = max(0.0, 2 * optical_hz - bandwidth_hz) * bandwidth_hz
    return 2 * 2 * responsivity_a_per_w**2 * density**2 * beat_hz2


def in_band_share(leaks: float, ports: int) -> float:
    """In-band leak with random phases as variance per product of the currents of two different inputs.

    The N (N - 1) ordered pairs of N inputs beat with 2 sum(eps) / (N - 1) on average, `leaks` being the sum of eps over
    the other inputs; for independent operands that is 2 N sum(eps) (E[t] E[w])^2.
    """
    return 2 * leaks / (ports - 1) if ports > 1 else 0.0


def jitter_share(jitter_s: float, frequency_hz: float) -> float:
    """Clock jitter as variance per squared amplitude: (2 pi f sigma_t)^2."""
    return (2 * math.pi * frequency_hz * jitter_s) ** 2


def ktc_c2(capacitance_f: float, temperature_k: float) -> float:
    """Reset noise of a capacitor as variance of charge: k T C."""
    return BOLTZMANN_J_PER_K * temperature_k * capacitance_f


def shot_c2(charge_c: float) -> float:
    """Shot noise of an integrated charge: q Q."""
    return ELEMENTARY_CHARGE_C * charge_c


def amplifier_c2(noise_a_per_sqrt_hz: float, window_s: float) -> float:
    """Amplifier noise integrated over a window: i_n^2 T / 2."""
    return noise_a_per_sqrt_hz**2 * window_s / 2
