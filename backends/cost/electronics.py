"""The digital side of the bill: residual operators, memory traffic and network traffic, with their time.

All of it counts from the system boundary. Numbers are the target's sections electronics, memory and network.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.cost.memory import BYTE
from heliograph.backends.physics.units import ceil_ps, exact
from heliograph.backends.target import Target


@dataclass(frozen=True, slots=True)
class ElectronicWork:
    """Work of one electronic region: counts of scalar operations and bytes through its memory.

    `launches` counts the times the region is started (each pays electronics.launch_ns).
    """

    macs: int = 0
    elementwise: int = 0
    reduce: int = 0
    transcendental: int = 0
    moved_bytes: int = 0
    launches: int = 1

    def __add__(self, other: ElectronicWork) -> ElectronicWork:
        return ElectronicWork(
            self.macs + other.macs,
            self.elementwise + other.elementwise,
            self.reduce + other.reduce,
            self.transcendental + other.transcendental,
            self.moved_bytes + other.moved_bytes,
            self.launches + other.launches,
        )


def electronic_rates_ps(target: Target) -> dict[str, Fraction]:
    """Picoseconds per unit of each kind of `ElectronicWork`, exactly."""
    e = target.electronics
    return {  # 10^12 operations per second is one operation per picosecond
        "macs": 1 / exact(e.mac_rate_tera_per_s),
        "elementwise": 1 / exact(e.elementwise_rate_tera_per_s),
        "reduce": 1 / exact(e.reduce_rate_tera_per_s),
        "transcendental": 1 / exact(e.transcendental_rate_tera_per_s),
        "moved_bytes": Fraction(1000) / exact(target.memory.bandwidth_gbyte_per_s),
        "launches": exact(e.launch_ns) * 1000,
    }


def electronic_ps(target: Target, work: ElectronicWork) -> int:
    """Time in ps: launches, plus the longer of computing (kinds one after another) and moving bytes."""
    rates = electronic_rates_ps(target)
    kinds = ("macs", "elementwise", "reduce", "transcendental")
    computing = sum((getattr(work, kind) * rates[kind] for kind in kinds), start=Fraction(0))
    moving = work.moved_bytes * rates["moved_bytes"]
    return ceil_ps(work.launches * rates["launches"] + max(computing, moving))


def network_ps(target: Target, bits: int) -> int:
    """Time in ps to push `bits` through one transceiver (fibre delay not included)."""
    return ceil_ps(Fraction(bits * 1000) / exact(target.network.rate_gbps))


def electronic_activity(target: Target, work: ElectronicWork) -> Activity:
    """Events of a region; its bytes go to the memory named by electronics.moved_through."""
    return Activity.of(
        {
            c.MAC: work.macs,
            c.ELEMENTWISE: work.elementwise,
            c.REDUCE: work.reduce,
            c.TRANSCENDENTAL: work.transcendental,
            BYTE[target.electronics.moved_through]: work.moved_bytes,
        }
    )


def electronics_powered(powered_ps: int) -> Activity:
    """The electronics powered for a time (idle power is paid whether or not it works)."""
    return Activity.of(powered_ps={c.ELECTRONICS: powered_ps})


def traffic(
    *,
    register_bytes: int = 0,
    sram_bytes: int = 0,
    hbm_bytes: int = 0,
    dram_bytes: int = 0,
    network_bits: int = 0,
) -> Activity:
    """Bytes through each memory and bits through the network's transceivers."""
    return Activity.of(
        {
            c.REGISTER_BYTE: register_bytes,
            c.SRAM_BYTE: sram_bytes,
            c.HBM_BYTE: hbm_bytes,
            c.DRAM_BYTE: dram_bytes,
            c.NETWORK_BIT: network_bits,
        }
    )


def electronic_rates(target: Target) -> tuple[Rate, ...]:
    """Price list of everything digital."""
    e, m = target.electronics, target.memory

    def line(component: str, counter: str, pj: float) -> Rate:
        return Rate(component, Boundary.SYSTEM, ((counter, pj * 1e-12),))

    return (
        line("electronics mac", c.MAC, e.mac_pj),
        line("electronics elementwise", c.ELEMENTWISE, e.elementwise_pj),
        line("electronics reduce", c.REDUCE, e.reduce_pj),
        line("electronics transcendental", c.TRANSCENDENTAL, e.transcendental_pj),
        line("electronics idle", c.ELECTRONICS, e.idle_mw * 1e-3),  # 1 mW for 1 ps is 1e-3 pJ
        line("registers", c.REGISTER_BYTE, m.register_pj_per_byte),
        line("sram", c.SRAM_BYTE, m.sram_pj_per_byte),
        line("hbm", c.HBM_BYTE, m.hbm_pj_per_bit * 8),
        line("dram", c.DRAM_BYTE, m.dram_pj_per_bit * 8),
        line("network", c.NETWORK_BIT, target.network.pj_per_bit),
    )
