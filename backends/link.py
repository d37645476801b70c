"""Result of a link budget: power from laser to photodiode, noise row by row, and what it means in bits."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PowerRow:
    """One step of the light path: what it changes in dB, and the level after it in dBm."""

    label: str
    change_db: float
    power_dbm: float


@dataclass(frozen=True, slots=True)
class NoiseRow:
    """One noise term as rms current in uA; `averages` when repeats divide its variance."""

    name: str
    rms_ua: float
    averages: bool


@dataclass(frozen=True, slots=True)
class FibreRow:
    """What distance does to the link: a figure with its unit."""

    label: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class LinkBudget:
    """One detected partial sum, all ports in use, operands uniform over their range.

    Currents in uA. `signal_rms_ua` is the data-dependent part s. SNR and bits are those after averaging
    `repeats` detections. A family without noise gives no rows and infinite SNR.
    """

    power: tuple[PowerRow, ...]
    noise: tuple[NoiseRow, ...]
    received_dbm: float
    p1_uw: float
    i1_ua: float
    full_scale_ua: float
    mean_ua: float
    signal_rms_ua: float
    bandwidth_ghz: float
    osnr_db: float | None  # None without amplifiers
    repeats: int
    fibre: tuple[FibreRow, ...] = ()  # empty where light stays on one chip

    def noise_rms_ua(self, only: Collection[str] | None = None) -> float:
        """Rms of all noise, or of the named rows, in uA."""
        rows = [row for row in self.noise if only is None or row.name in only]
        return math.sqrt(sum(row.rms_ua**2 / (self.repeats if row.averages else 1) for row in rows))

    def snr_db_of(self, only: Collection[str] | None = None) -> float:
        """SNR in dB against all noise, or against the named rows."""
        sigma = self.noise_rms_ua(only)
        return 20 * math.log10(self.signal_rms_ua / sigma) if sigma > 0 else math.inf

    @property
    def snr_db(self) -> float:
        """SNR in dB of a partial sum."""
        return self.snr_db_of()

    @property
    def enob(self) -> float:
        """Effective bits (SNR - 1.76) / 6.02 of the data-dependent signal."""
        return (self.snr_db - 1.76) / 6.02

    def full_scale_bits_of(self, only: Collection[str] | None = None) -> float:
        """Bits log2(full scale / (sqrt(12) sigma)) against all noise, or the named rows."""
        sigma = self.noise_rms_ua(only)
        return math.log2(self.full_scale_ua / (math.sqrt(12) * sigma)) if sigma > 0 else math.inf

    @property
    def full_scale_bits(self) -> float:
        """Full-scale bits; papers mix these up with ENOB, so reports give both."""
        return self.full_scale_bits_of()


NOISELESS = LinkBudget((), (), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, None, 1)
