"""What makes an AWGR link doubtful or impossible, with the numbers (HG4005)."""

from __future__ import annotations

from heliograph.backends.families import findings
from heliograph.backends.families.awgr.light import light
from heliograph.backends.link import LinkBudget
from heliograph.backends.physics.devices import ring_linewidth_ghz
from heliograph.backends.target import Target
from heliograph.ir.diagnostics import Diagnostic


def link_warnings(target: Target, budget: LinkBudget) -> tuple[Diagnostic, ...]:
    """Warnings for what would work badly, an error for what cannot work at all."""
    nm, rate, path = target.awgr.center_nm, target.opu.symbol_rate_gbd, light(target)
    need_ghz = target.tia.bandwidth_per_baud * rate
    q_factor = target.ring.q_factor
    found = (
        findings.dispersion(target.cloud.fibre_km, target.fibre.dispersion_ps_per_nm_km, nm, rate, need_ghz),
        findings.ring_lifetime(ring_linewidth_ghz(q_factor, nm), rate, q_factor),
        _passband(target),
        findings.noise(budget, "more launch power, less loss, a lower symbol rate, or precision.repeats"),
        findings.photons(
            path.received_dbm, path.power_w, nm, rate, "more launch power, less loss, or amplifiers on the path"
        ),
    )
    return tuple(d for d in found if d is not None)


def _passband(target: Target) -> Diagnostic | None:
    passband, rate = target.awgr.passband_ghz, target.opu.symbol_rate_gbd
    if passband >= rate:
        return None
    return findings.finding(
        f"the router passes {passband:g} GHz per channel, below the symbol rate of {rate:g} GBd",
        "a wider channel spacing and passband, or a lower symbol rate",
    )
