"""Sections of a target: frozen dataclasses, one per device or part of the system."""

from heliograph.backends.sections.fields import Rule, Section
from heliograph.backends.sections.fields_of_light import Encoder, Grid
from heliograph.backends.sections.operation import Accounting, Formats, Noise
from heliograph.backends.sections.optics import Awgr, Laser, Mzm, Opu, Ring
from heliograph.backends.sections.receiver import Adc, Dac, Photodiode, Tia
from heliograph.backends.sections.system import (
    Cloud,
    Edfa,
    Electronics,
    Fibre,
    Memory,
    Network,
    Path,
    Roadm,
)

__all__ = [
    "Accounting",
    "Adc",
    "Awgr",
    "Cloud",
    "Dac",
    "Edfa",
    "Electronics",
    "Encoder",
    "Fibre",
    "Formats",
    "Grid",
    "Laser",
    "Memory",
    "Mzm",
    "Network",
    "Noise",
    "Opu",
    "Path",
    "Photodiode",
    "Ring",
    "Roadm",
    "Rule",
    "Section",
    "Tia",
]
