"""Noise terms of one detection, normalised so that one full-scale product is 1 (see `SliceNoise`)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from heliograph.backends.families.operands import Moments


@dataclass(frozen=True, slots=True)
class Term:
    """variance = c0 + c1 total + c2 total^2 + c3 sumsq."""

    name: str
    c0: float = 0.0
    c1: float = 0.0
    c2: float = 0.0
    c3: float = 0.0

    def rms(self, moments: Moments) -> float:
        """Rms for operands with the given moments."""
        variance = self.c0 + self.c1 * moments.total + self.c2 * moments.total_sq + self.c3 * moments.sumsq
        return math.sqrt(max(variance, 0.0))
