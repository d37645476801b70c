"""Ideal optical processor: exact, noiseless, large."""

from heliograph.backends.families.base import Family
from heliograph.backends.families.ideal.family import IdealFamily

FAMILY: Family = IdealFamily()

__all__ = ["FAMILY", "IdealFamily"]
