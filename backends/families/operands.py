"""Moments of operands uniform over their range, the reference of link budgets and of uncalibrated ranges."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over N products, in units of one full-scale product."""

    total: float  # E sum t |w|
    sumsq: float  # E sum (t w)^2
    mean: float  # E of the detected value
    rms: float  # s: rms of what depends on the data
    inputs_sq: float  # E sum t^2


def uniform(ports: int, floor: float, *, signed_weights: bool) -> Moments:
    """Moments for x uniform in [0, 1] and w uniform in [0, 1], or in [-1, 1] when signed.

    Unsigned: s = (1 - r) sqrt(N (1/9 - 1/16)), the convention of PHYSICS section 4.
    """
    slope = 1 - floor
    mean_t = floor + slope / 2
    square_t = floor**2 + floor * slope + slope**2 / 3
    total, sumsq = ports * mean_t / 2, ports * square_t / 3
    if signed_weights:
        return Moments(total, sumsq, 0.0, math.sqrt(sumsq), ports * square_t)
    rms = slope * math.sqrt(ports * (1 / 9 - 1 / 16))
    return Moments(total, sumsq, total, rms, ports * square_t)
