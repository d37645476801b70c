"""Microring broadcast-and-weight: every output sees all inputs, a ring per weight, balanced detection."""

from heliograph.backends.families.base import Family
from heliograph.backends.families.ring_bank.family import RingBankFamily

FAMILY: Family = RingBankFamily()

__all__ = ["FAMILY", "RingBankFamily"]
