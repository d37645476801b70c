"""Moments of operands uniform over their range, the reference of link budgets and of uncalibrated ranges."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over N products, in units of one full-scale product."""

    total: float  # E sum t |w|
    total_sq: float  # E (sum t |w|)^2
    sumsq: float  # E sum (t w)^2
    mean: float  # E of the detected value
    rms: float  # s: rms of what depends on the data
    inputs_sq: float  # E sum t^2
    change_sq: float  # E (sum (t - t of the symbol before) w)^2


def uniform(ports: int, floor: float, *, signed_weights: bool, signed_inputs: bool = False) -> Moments:
    """Moments for x and w independent and uniform in [0, 1], or in [-1, 1] where signed.

    Unsigned: s = (1 - r) sqrt(N (1/9 - 1/16)), the convention of PHYSICS section 4. Signed inputs have no floor.
    """
    slope = 1 - floor
    mean_t = floor + slope / 2
    square_t = floor**2 + floor * slope + slope**2 / 3
    total, sumsq = ports * mean_t / 2, ports * square_t / 3
    total_sq = sumsq + (1 - 1 / ports) * total**2
    change_sq = 2 * ports / 3 * slope**2 * (1 / 3 if signed_inputs else 1 / 12)
    mean, rms = total, slope * math.sqrt(ports * (1 / 9 - 1 / 16))
    if signed_weights:
        mean, rms = 0.0, math.sqrt(sumsq)
    return Moments(total, total_sq, sumsq, mean, rms, ports * square_t, change_sq)
