"""Sections of the receiver and the converters: photodiode, transimpedance amplifier, DAC, ADC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends.sections.fields import Section, number


@dataclass(frozen=True, slots=True)
class Photodiode(Section):
    """Sums the intensities of all wavelengths of one output."""

    KEY: ClassVar[str] = "photodiode"
    responsivity_a_per_w: float = number(0, 10, open_low=True)
    dark_na: float = number(0, 1e6)
    power_mw: float = number(0, 1e5)


@dataclass(frozen=True, slots=True)
class Tia(Section):
    """Transimpedance amplifier; its power grows in proportion to the symbol rate."""

    KEY: ClassVar[str] = "tia"
    noise_pa_per_sqrt_hz: float = number(0, 1e6)
    power_mw: float = number(0, 1e5)
    power_at_ghz: float = number(0, 1000, open_low=True)  # rate at which power_mw was measured
    bandwidth_per_baud: float = number(0, 10, open_low=True)  # B_e over symbol rate
    latency_ps: float = number(0, 1e9)


@dataclass(frozen=True, slots=True)
class Dac(Section):
    """Digital-to-analog converter; energy per sample goes as 2^b / (b + 1) in the bits asked for."""

    KEY: ClassVar[str] = "dac"
    power_mw: float = number(0, 1e6)
    power_at_gsps: float = number(0, 1000, open_low=True)  # rate at which power_mw was measured
    bits: float = number(1, 24)  # bits at which power_mw was measured
    idle_fraction: float = number(0, 1)
    latency_ps: float = number(0, 1e9)
    jitter_fs: float = number(0, 1e6)  # rms clock jitter


@dataclass(frozen=True, slots=True)
class Adc(Section):
    """Analog-to-digital converter; energy per sample is walden_fj_per_step x 2^enob."""

    KEY: ClassVar[str] = "adc"
    walden_fj_per_step: float = number(0, 1e9)
    enob: float = number(1, 24)  # effective bits, fractions allowed
    range_rms: float = number(0.5, 20)  # a calibrated range spans +- this many signal rms
    idle_fraction: float = number(0, 1)
    latency_ps: float = number(0, 1e9)
