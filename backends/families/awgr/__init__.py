"""The seed's family: modulators, microring weights, an AWGR and summing photodiodes."""

from heliograph.backends.families.awgr.family import AwgrFamily
from heliograph.backends.families.base import Family

FAMILY: Family = AwgrFamily()

__all__ = ["FAMILY", "AwgrFamily"]
