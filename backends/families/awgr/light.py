"""The light path: laser, modulator, ring (edge node), network, coupling, router (center), photodiode."""

from __future__ import annotations

import math
from dataclasses import dataclass

from heliograph.backends.families.detection import walk
from heliograph.backends.link import PowerRow
from heliograph.backends.physics.noise import osnr_db
from heliograph.backends.physics.units import ratio
from heliograph.backends.target import Target


def _edge_dbm(target: Target) -> float:
    """Level per channel at x = w = 1 where it leaves the edge node."""
    return target.laser.launch_power_dbm - target.mzm.loss_db - target.ring.loss_db


def _network_loss_db(target: Target) -> float:
    path = target.path
    return (
        path.roadm_adds * target.roadm.add_loss_db
        + path.roadm_expresses * target.roadm.express_loss_db
        + target.cloud.fibre_km * target.fibre.loss_db_per_km
    )


def amplifier_output_dbm(target: Target) -> float:
    """Level per channel behind each amplifier: each restores its equal share of the network's loss."""
    return _edge_dbm(target)


@dataclass(frozen=True, slots=True)
class Light:
    """What reaches a photodiode from one channel at x = w = 1."""

    rows: tuple[PowerRow, ...]
    received_dbm: float
    power_w: float  # P1
    current_a: float  # I1
    osnr_db: float | None  # None without amplifiers
    bandwidth_hz: float  # B_e


def light(target: Target) -> Light:
    """Walk the path from laser to photodiode."""
    loss_db, amplifiers = _network_loss_db(target), target.path.amplifiers
    steps = [
        ("launch", target.laser.launch_power_dbm),
        ("modulator", -target.mzm.loss_db),
        ("ring", -target.ring.loss_db),
        ("multiplexers", -(loss_db - target.cloud.fibre_km * target.fibre.loss_db_per_km)),
        ("fibre", -target.cloud.fibre_km * target.fibre.loss_db_per_km),
        ("amplifiers", loss_db if amplifiers else 0.0),
        ("coupling", -target.awgr.coupling_loss_db),
        ("router", -target.awgr.loss_db),
    ]
    rows = walk(steps)
    level = rows[-1].power_dbm
    power_w = ratio(level) * 1e-3
    osnr = None
    if amplifiers:
        entering_dbm = _edge_dbm(target) - loss_db / amplifiers
        osnr = osnr_db(entering_dbm, target.edfa.noise_figure_db, amplifiers, target.awgr.center_nm)
    return Light(
        rows=rows,
        received_dbm=level,
        power_w=power_w,
        current_a=power_w * target.photodiode.responsivity_a_per_w,
        osnr_db=osnr,
        bandwidth_hz=target.tia.bandwidth_per_baud * target.opu.symbol_rate_gbd * 1e9,
    )


def router_leak(target: Target, distance: int, ports: int) -> float:
    """Share of power that a router of `ports` leaks over `distance` ports (cyclic neighbours are adjacent)."""
    apart = min(distance % ports, -distance % ports)
    if apart == 0:
        return 0.0
    return ratio(target.awgr.crosstalk_adjacent_db if apart == 1 else target.awgr.crosstalk_other_db)


def leak_matrix(target: Target) -> tuple[tuple[float, ...], ...]:
    """Out-of-band leak between outputs: eps_{q - q'}, zero on the diagonal."""
    ports = max(target.opu.ports_in, target.opu.ports_out)
    row = [router_leak(target, d, ports) for d in range(ports)]
    outs = range(target.opu.ports_out)
    return tuple(tuple(row[abs(q - other)] for other in outs) for q in outs)


def beat_matrix(target: Target) -> tuple[tuple[float, ...], ...]:
    """Amplitude 2 sqrt(eps) of the beat of each input with the leak of each other in its band."""
    ports, ins = max(target.opu.ports_in, target.opu.ports_out), range(target.opu.ports_in)
    return tuple(tuple(2 * math.sqrt(router_leak(target, p - other, ports)) for other in ins) for p in ins)


def in_band_leaks(target: Target) -> float:
    """Sum of eps over the other inputs, which carry the same wavelength for other outputs (taken for lit at all)."""
    ports = max(target.opu.ports_in, target.opu.ports_out)
    return math.fsum(router_leak(target, d, ports) for d in range(1, target.opu.ports_in))
