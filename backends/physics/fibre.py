"""Fibre: what distance does to time and bandwidth (PHYSICS section 4)."""

from __future__ import annotations

import math

from heliograph.backends.physics.units import LIGHT_SPEED_M_PER_S


def walk_off_ps(km: float, dispersion_ps_per_nm_km: float, span_nm: float) -> float:
    """Difference in arrival time, in ps, of the outermost of wavelengths `span_nm` apart: D L d_lambda."""
    return abs(dispersion_ps_per_nm_km) * km * span_nm


def dispersion_null_ghz(km: float, dispersion_ps_per_nm_km: float, wavelength_nm: float) -> float:
    """First frequency in GHz that intensity modulation cannot carry: sqrt(c / (2 D L lambda^2)).

    Infinite without fibre or without dispersion.
    """
    d_s_per_m2 = abs(dispersion_ps_per_nm_km) * 1e-6
    spread = 2 * d_s_per_m2 * km * 1e3 * (wavelength_nm * 1e-9) ** 2
    return math.sqrt(LIGHT_SPEED_M_PER_S / spread) / 1e9 if spread > 0 else math.inf
