"""Sections outside the optical processor: the light path over the network, and the electronics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, choice, number, whole


@dataclass(frozen=True, slots=True)
class Edfa(Section):
    """Fibre amplifier: restores what the network has lost, and adds noise."""

    KEY: ClassVar[str] = "edfa"
    noise_figure_db: float = number(0, 40)
    wall_plug_efficiency: float = number(0, 1, open_low=True)  # output power over electric power


@dataclass(frozen=True, slots=True)
class Roadm(Section):
    """Reconfigurable add-drop multiplexer."""

    KEY: ClassVar[str] = "roadm"
    add_loss_db: float = number(0, 30)
    express_loss_db: float = number(0, 30)


@dataclass(frozen=True, slots=True)
class Fibre(Section):
    """Single-mode fibre (its delay is in `Cloud`)."""

    KEY: ClassVar[str] = "fibre"
    loss_db_per_km: float = number(0, 1)
    dispersion_ps_per_nm_km: float = number(-200, 200)


@dataclass(frozen=True, slots=True)
class Path(Section):
    """What the light passes between edge node and computing center, besides fibre."""

    KEY: ClassVar[str] = "path"
    roadm_adds: int = whole(0, 16)
    roadm_expresses: int = whole(0, 16)
    amplifiers: int = whole(0, 64)  # together they restore all network loss; 0: none is restored


@dataclass(frozen=True, slots=True)
class Cloud(Section):
    """Where edge node, computing center and electronics stand."""

    KEY: ClassVar[str] = "cloud"
    fibre_km: float = number(0, 400)
    delay_us_per_km: float = number(3.3, 10)
    electronics_site: str = choice("edge", "center")


@dataclass(frozen=True, slots=True)
class Electronics(Section):
    """The digital processor that runs whatever light does not."""

    KEY: ClassVar[str] = "electronics"
    mac_pj: float = number(0, 1e6)
    elementwise_pj: float = number(0, 1e6)
    reduce_pj: float = number(0, 1e6)
    transcendental_pj: float = number(0, 1e6)
    mac_rate_tera_per_s: float = number(0, 1e9, open_low=True)
    elementwise_rate_tera_per_s: float = number(0, 1e9, open_low=True)
    reduce_rate_tera_per_s: float = number(0, 1e9, open_low=True)
    transcendental_rate_tera_per_s: float = number(0, 1e9, open_low=True)
    launch_ns: float = number(0, 1e12)  # fixed time per region
    idle_mw: float = number(0, 1e9)  # drawn while powered, working or not
    moved_through: str = choice("sram", "hbm", "dram")  # memory that pays for a region's operands


@dataclass(frozen=True, slots=True)
class Memory(Section):
    """Energy per byte moved, room of each level, and the bandwidth of the level named by electronics.moved_through."""

    KEY: ClassVar[str] = "memory"
    register_pj_per_byte: float = number(0, 1e6)
    sram_pj_per_byte: float = number(0, 1e6)
    hbm_pj_per_bit: float = number(0, 1e6)
    dram_pj_per_bit: float = number(0, 1e6)
    register_kib: float = number(0, 1e6)  # beside each processor, for partial sums
    sram_mib: float = number(0, 1e6)
    hbm_gib: float = number(0, 1e6)  # DRAM has room for the rest
    bandwidth_gbyte_per_s: float = number(0, 1e9, open_low=True)


@dataclass(frozen=True, slots=True)
class Network(Section):
    """Digital transceivers that carry results between edge and center."""

    KEY: ClassVar[str] = "network"
    pj_per_bit: float = number(0, 1e6)
    rate_gbps: float = number(0, 1e6, open_low=True)
