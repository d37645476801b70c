"""What makes an AWGR link doubtful or impossible, with the numbers (HG4005)."""

from __future__ import annotations

from heliograph.backends.families.awgr.light import light
from heliograph.backends.link import LinkBudget
from heliograph.backends.physics.devices import ring_linewidth_ghz
from heliograph.backends.physics.fibre import dispersion_null_ghz
from heliograph.backends.physics.units import PLANCK_J_S, frequency_hz
from heliograph.backends.target import Target
from heliograph.ir.diagnostics import Diagnostic, Severity


def link_warnings(target: Target, budget: LinkBudget) -> tuple[Diagnostic, ...]:
    """Warnings for what would work badly, an error for what cannot work at all."""
    found = (_dispersion(target), _rings(target), _passband(target), _noise(budget), _photons(target))
    return tuple(d for d in found if d is not None)


def _warn(message: str, remedy: str, severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic("HG4005", message, remedy=remedy, severity=severity)


def _dispersion(target: Target) -> Diagnostic | None:
    km, dispersion = target.cloud.fibre_km, target.fibre.dispersion_ps_per_nm_km
    null_ghz = dispersion_null_ghz(km, dispersion, target.awgr.center_nm)
    need_ghz = target.tia.bandwidth_per_baud * target.opu.symbol_rate_gbd
    if null_ghz >= need_ghz:
        return None
    reach_km = km * (null_ghz / need_ghz) ** 2
    return _warn(
        f"over {km:g} km the dispersion of {dispersion:g} ps/(nm km) extinguishes intensity modulation at "
        f"{null_ghz:.1f} GHz, below the {need_ghz:.1f} GHz that {target.opu.symbol_rate_gbd:g} GBd need",
        f"at most {reach_km:.1f} km of fibre, the O band, dispersion compensation or single-sideband modulation",
    )


def _rings(target: Target) -> Diagnostic | None:
    width_ghz, rate = ring_linewidth_ghz(target.ring.q_factor, target.awgr.center_nm), target.opu.symbol_rate_gbd
    if width_ghz >= rate:
        return None
    return _warn(
        f"rings with Q = {target.ring.q_factor:g} pass {width_ghz:.1f} GHz, below the symbol rate of {rate:g} GBd",
        f"ring.q_factor of at most {target.ring.q_factor * width_ghz / rate:.0f}, or a lower symbol rate",
    )


def _passband(target: Target) -> Diagnostic | None:
    passband, rate = target.awgr.passband_ghz, target.opu.symbol_rate_gbd
    if passband >= rate:
        return None
    return _warn(
        f"the router passes {passband:g} GHz per channel, below the symbol rate of {rate:g} GBd",
        "a wider channel spacing and passband, or a lower symbol rate",
    )


def _noise(budget: LinkBudget) -> Diagnostic | None:
    if budget.snr_db >= 0:
        return None
    worst = max(budget.noise, key=lambda row: row.rms_ua)
    return _warn(
        f"received power of {budget.received_dbm:.1f} dBm per channel gives a signal of "
        f"{budget.signal_rms_ua:.3g} uA below the noise of {budget.noise_rms_ua():.3g} uA "
        f"(SNR {budget.snr_db:.1f} dB; largest term: {worst.name}, {worst.rms_ua:.3g} uA)",
        "more launch power, less loss, a lower symbol rate, or precision.repeats",
    )


def _photons(target: Target) -> Diagnostic | None:
    path = light(target)
    photon_j = PLANCK_J_S * frequency_hz(target.awgr.center_nm)
    photons = path.power_w / (photon_j * target.opu.symbol_rate_gbd * 1e9)
    if photons >= 1:
        return None
    return _warn(
        f"received power of {path.received_dbm:.1f} dBm is {photons:.2g} photons per symbol and channel",
        "more launch power, less loss, or amplifiers on the path",
        Severity.ERROR,
    )
