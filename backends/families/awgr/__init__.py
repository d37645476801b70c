"""The seed's family: modulators, microring weights, an AWGR and summing photodiodes."""

from heliograph.backends.families.awgr.family import AwgrFamily

FAMILY = AwgrFamily()

__all__ = ["FAMILY", "AwgrFamily"]
