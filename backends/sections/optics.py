"""Sections of the optical transmitter and router: processor, laser, modulator, ring, AWGR.

Sources of the default values stand in the target files; the meaning of each key stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, choice, flag, number, whole


@dataclass(frozen=True, slots=True)
class Opu(Section):
    """The optical processing unit as a whole."""

    KEY: ClassVar[str] = "opu"
    count: int = whole(1, 65536)  # units in the pool
    ports_in: int = whole(1, 4096)  # contraction length k of one tile
    ports_out: int = whole(1, 4096)  # outputs n of one tile
    fsr_orders: int = whole(1, 64)  # input vectors in parallel
    symbol_rate_gbd: float = number(0, 1000, open_low=True)
    weight_banks: int = whole(1, 64)  # 2: one bank loads while the other computes


@dataclass(frozen=True, slots=True)
class Laser(Section):
    """One continuous-wave line per (input port, output port, FSR order)."""

    KEY: ClassVar[str] = "laser"
    launch_power_dbm: float = number(-60, 30)  # per channel
    wall_plug_efficiency: float = number(0, 1, open_low=True)
    rin_db_per_hz: float = number(-200, -80)  # relative intensity noise
    rin_sharing: str = choice("independent", "one-pump")  # one-pump: a comb, noise common to all lines


@dataclass(frozen=True, slots=True)
class Mzm(Section):
    """Mach-Zehnder modulator: puts one input on all wavelengths of its port and order."""

    KEY: ClassVar[str] = "mzm"
    drive_fj: float = number(0, 1e6)  # per symbol, driver included
    loss_db: float = number(0, 30)
    extinction_db: float = number(0, 80, open_low=True)
    bandwidth_ghz: float = number(0, 1000, open_low=True)  # -3 dB, sets inter-symbol interference
    idle_fraction: float = number(0, 1)  # share of full-rate power drawn while powered but not modulating


@dataclass(frozen=True, slots=True)
class Ring(Section):
    """Microring that holds one weight; rings serve all FSR orders at once."""

    KEY: ClassVar[str] = "ring"
    static_mw: float = number(0, 1000)
    write_fj_per_bit: float = number(0, 1e9)
    loss_db: float = number(0, 30)
    q_factor: float = number(1, 1e9)  # loaded quality factor
    settle_ns: float = number(0, 1e9)  # from writing a weight to using it
    setting_bits: float = number(1, 32)  # repeatability: sigma of a weight is 2^-setting_bits
    drift_nm_per_k: float = number(0, 10)  # resonance per kelvin
    temperature_error_k: float = number(0, 100)  # rms of the residual after control


@dataclass(frozen=True, slots=True)
class Awgr(Section):
    """Arrayed-waveguide-grating router and its wavelength grid."""

    KEY: ClassVar[str] = "awgr"
    loss_db: float = number(0, 60)
    coupling_loss_db: float = number(0, 60)  # fibre to chip and back, in total
    crosstalk_adjacent_db: float = number(-100, -1)  # leak into a neighbouring output
    crosstalk_other_db: float = number(-100, -1)  # leak into any other output
    center_nm: float = number(1000, 2000)
    spacing_nm: float = number(0, 50, open_low=True)
    fsr_nm: float = number(0, 1000, open_low=True)  # free spectral range
    passband_ghz: float = number(0, 5000, open_low=True)  # optical bandwidth of one channel
    wrap: bool = flag()  # use (p - q) mod N: a cyclic router whose FSR is N channels
    latency_ps: float = number(0, 1e9)  # light's time through modulator, rings and router
