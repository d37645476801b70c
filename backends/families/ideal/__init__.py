"""Ideal optical processor: exact, noiseless, large."""

from heliograph.backends.families.ideal.family import IdealFamily

FAMILY = IdealFamily()

__all__ = ["FAMILY", "IdealFamily"]
