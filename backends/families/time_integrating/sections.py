"""Sections of server and client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, flag, modulator, number, whole


@dataclass(frozen=True, slots=True)
class Server(Section):
    """Streams the weights: one modulator per wavelength."""

    KEY: ClassVar[str] = "server"
    drive_fj: float = number(0, 1e6)  # per weight and symbol
    loss_db: float = number(0, 30)
    bandwidth_ghz: float = number(0, 1000, open_low=True)
    setting_bits: float = number(1, 32)  # rms error of a modulated weight is 2^-setting_bits
    clients: int = whole(1, 100_000)  # that share one stream, its light and its modulators' energy
    idle_fraction: float = number(0, 1)


@dataclass(frozen=True, slots=True)
class Demux(Section):
    """Separates the wavelengths behind the client's modulator."""

    KEY: ClassVar[str] = "demux"
    loss_db: float = number(0, 60)
    crosstalk_adjacent_db: float = number(-100, -1)
    crosstalk_other_db: float = number(-100, -1)


@dataclass(frozen=True, slots=True)
class Integrator(Section):
    """Collects the photocurrent of all symbols of a step on a capacitor, then is read and reset."""

    KEY: ClassVar[str] = "integrator"
    capacitance_ff: float = number(0, 1e9, open_low=True)
    temperature_k: float = number(0, 1000)  # of the reset noise k T C
    noise_pa_per_sqrt_hz: float = number(0, 1e6)  # of the amplifier during integration
    swing_v: float = number(0, 100, open_low=True)  # voltage at which the capacitor is full
    power_mw: float = number(0, 1e5)
    latency_ps: float = number(0, 1e9)


@dataclass(frozen=True, slots=True)
class StreamNoise(Section):
    """Switches of the noise model, one per term."""

    KEY: ClassVar[str] = "noise"
    shot: bool = flag()
    ktc: bool = flag()  # reset noise of the capacitor
    amplifier: bool = flag()
    rin: bool = flag()
    crosstalk: bool = flag()
    weight_setting: bool = flag()
    isi: bool = flag()
    jitter: bool = flag()
    extinction: bool = flag()  # light of a modulator at zero
    modulator: str = modulator()  # drive of a Mach-Zehnder modulator
