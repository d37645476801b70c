"""Modulator and ring: the few device equations of PHYSICS section 4."""

from __future__ import annotations

import math

from heliograph.backends.physics.units import frequency_hz

# steepest slope of a Lorentzian 1 / (1 + 4 u^2) in u, the detuning in units of its full width: 3 sqrt(3) / 4
LORENTZIAN_SLOPE = 3 * math.sqrt(3) / 4


def extinction_floor(extinction_db: float) -> float:
    """Transmission r left at x = 0; a modulator gives t(x) = r + (1 - r) x."""
    return float(10 ** (-extinction_db / 10))


def transfer_error(power: int) -> float:
    """Rms of sin(pi x / 2)^power - x for x uniform in [0, 1], power 1 (a field) or 2 (an intensity)."""
    return math.sqrt(5 / 24 - 2 / math.pi**2 if power == 2 else 5 / 6 - 8 / math.pi**2)


def predistorted_error(bits: int) -> float:
    """Rms of x behind a DAC of `bits` whose steps the inverse transfer of a modulator stretches, x uniform in [0, 1].

    A step of x is up to pi/2 of an even one, in the mean square pi^2 / 6: for sin^2(pi v / 2) and for sin(pi v / 2).
    """
    return math.pi / math.sqrt(6 * 12) / float(2**bits - 1)


def isi_residual(bandwidth_ghz: float, symbol_rate_gbd: float) -> float:
    """Share of the previous symbol left in this one: exp(-2 pi f_3dB / B)."""
    return math.exp(-2 * math.pi * bandwidth_ghz / symbol_rate_gbd)


def setting_sigma(bits: float) -> float:
    """Rms error of a weight, full scale = 1, of rings that can be set to `bits`: 2^-bits."""
    return float(2.0**-bits)


def drift_sigma(nm_per_k: float, temperature_error_k: float, q_factor: float, wavelength_nm: float) -> float:
    """Rms weight error from temperature, at the steepest point of the ring's line: 1.30 shift / (lambda / Q)."""
    return LORENTZIAN_SLOPE * nm_per_k * temperature_error_k * q_factor / wavelength_nm


def ring_linewidth_ghz(q_factor: float, wavelength_nm: float) -> float:
    """nu / Q in GHz: the symbol rate a ring's photon lifetime allows."""
    return frequency_hz(wavelength_nm) / q_factor / 1e9


def lorentzian(detuning: float) -> float:
    """Share of power a ring drops, `detuning` full widths off its resonance: 1 / (1 + 4 u^2)."""
    return 1 / (1 + 4 * detuning**2)


def svd_sigma(phase_error_rad: float, ports: int) -> float:
    """Rms error of an entry of an N x N matrix set by a singular-value mesh, full scale of an entry = 1.

    2 N + 1 columns of interferometers with independent errors d spread (2 N + 1) N d^2 over N^2 entries of a matrix
    of norm 1; an entry at full scale is 1 / `spectral_norm`.
    """
    return phase_error_rad * math.sqrt((2 * ports + 1) / ports) * spectral_norm(ports)


def spectral_norm(ports: int) -> float:
    """Largest singular value of an N x N matrix with entries uniform in [-1, 1]: 2 sqrt(N / 3), at least 1.

    The limit for large N; 14 % above the mean at N = 12.
    """
    return max(1.0, 2 * math.sqrt(ports / 3))
