"""Coherent dynamic array (Lightening-Transformer's DPTC): both operands modulated every symbol, homodyne detection."""

from heliograph.backends.families.base import Family
from heliograph.backends.families.coherent.family import CoherentFamily

FAMILY: Family = CoherentFamily()

__all__ = ["FAMILY", "CoherentFamily"]
