"""Time-integrating receiver (Netcast): weights streamed over fibre, inputs modulated locally, charge integrated."""

from heliograph.backends.families.base import Family
from heliograph.backends.families.time_integrating.family import TimeIntegratingFamily

FAMILY: Family = TimeIntegratingFamily()

__all__ = ["FAMILY", "TimeIntegratingFamily"]
