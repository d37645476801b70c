"""What makes a link doubtful or impossible, with the numbers (HG4005): findings that families share."""

from __future__ import annotations

from heliograph.backends.link import FibreRow, LinkBudget
from heliograph.backends.physics.fibre import dispersion_null_ghz, walk_off_ps
from heliograph.backends.physics.units import PLANCK_J_S, frequency_hz
from heliograph.backends.target import Target
from heliograph.ir.diagnostics import Diagnostic, Severity


def finding(message: str, remedy: str, severity: Severity = Severity.WARNING) -> Diagnostic:
    """One finding."""
    return Diagnostic("HG4005", message, remedy=remedy, severity=severity)


def dispersion(km: float, ps_per_nm_km: float, nm: float, rate_gbd: float, need_ghz: float) -> Diagnostic | None:
    """Intensity modulation that dispersion extinguishes below the bandwidth it needs."""
    null_ghz = dispersion_null_ghz(km, ps_per_nm_km, nm)
    if null_ghz >= need_ghz:
        return None
    reach_km = km * (null_ghz / need_ghz) ** 2
    return finding(
        f"over {km:g} km the dispersion of {ps_per_nm_km:g} ps/(nm km) extinguishes intensity modulation at "
        f"{null_ghz:.1f} GHz, below the {need_ghz:.1f} GHz that {rate_gbd:g} GBd need",
        f"at most {reach_km:.1f} km of fibre, the O band, dispersion compensation or single-sideband modulation",
    )


def noise(budget: LinkBudget, remedy: str) -> Diagnostic | None:
    """A signal below its noise."""
    if budget.snr_db >= 0:
        return None
    worst = max(budget.noise, key=lambda row: row.rms_ua)
    return finding(
        f"received power of {budget.received_dbm:.1f} dBm per channel gives a signal of "
        f"{budget.signal_rms_ua:.3g} uA below the noise of {budget.noise_rms_ua():.3g} uA "
        f"(SNR {budget.snr_db:.1f} dB; largest term: {worst.name}, {worst.rms_ua:.3g} uA)",
        remedy,
    )


def photons(received_dbm: float, power_w: float, nm: float, rate_gbd: float, remedy: str) -> Diagnostic | None:
    """Less than one photon per symbol and channel cannot work at all."""
    count = power_w / (PLANCK_J_S * frequency_hz(nm) * rate_gbd * 1e9)
    if count >= 1:
        return None
    return finding(
        f"received power of {received_dbm:.1f} dBm is {count:.2g} photons per symbol and channel",
        remedy,
        Severity.ERROR,
    )


def ring_lifetime(width_ghz: float, rate_gbd: float, q_factor: float) -> Diagnostic | None:
    """Rings whose photon lifetime is longer than a symbol."""
    if width_ghz >= rate_gbd:
        return None
    return finding(
        f"rings with Q = {q_factor:g} pass {width_ghz:.1f} GHz, below the symbol rate of {rate_gbd:g} GBd",
        f"ring.q_factor of at most {q_factor * width_ghz / rate_gbd:.0f}, or a lower symbol rate",
    )


def fibre_rows(target: Target, nm: float, span_nm: float, rate_gbd: float, need_ghz: float) -> tuple[FibreRow, ...]:
    """Distance, delay, walk-off of wavelengths `span_nm` apart, and the dispersion null against what the rate needs."""
    km, spread = target.cloud.fibre_km, target.fibre.dispersion_ps_per_nm_km
    skew_ps = walk_off_ps(km, spread, span_nm)
    return (
        FibreRow("length", km, "km"),
        FibreRow("attenuation", km * target.fibre.loss_db_per_km, "dB"),
        FibreRow("latency", km * target.cloud.delay_us_per_km, "us"),
        FibreRow("walk-off of the outermost wavelengths", skew_ps, "ps"),
        FibreRow("skew registers", skew_ps * rate_gbd / 1e3, "symbols"),
        FibreRow("dispersion null", dispersion_null_ghz(km, spread, nm), "GHz"),
        FibreRow("bandwidth needed", need_ghz, "GHz"),
    )
