"""A target with one number moved by a tenth: what sensitivities and the search for dead numbers are made of."""

from __future__ import annotations

import math

from heliograph.backends.loader import load_target
from heliograph.backends.quantity import Quantity
from heliograph.backends.spelling import canonical, parse
from heliograph.backends.target import Target

STEP = 0.1  # share by which a number is moved
_LOGARITHMIC = ("dB", "dBm", "dB/Hz", "dB/km")


def numbers(target: Target) -> tuple[Quantity, ...]:
    """The numeric values of a target, in order of sections."""
    return tuple(q for q in target.quantities() if isinstance(q.value, int | float) and not isinstance(q.value, bool))


def moved_value(quantity: Quantity, up: bool) -> int | float:
    """The value moved by `STEP`; 0, which has no tenth, stays 0.

    Figures in decibels move by that share of the ratio they stand for (about 0.4 dB), whole numbers by at least 1.
    """
    value = quantity.value
    assert isinstance(value, int | float)
    sign = 1 if up else -1
    if isinstance(value, int):
        return value + sign * max(1, round(abs(value) * STEP))
    if quantity.unit in _LOGARITHMIC:
        return value + 10 * math.log10(1 + sign * STEP)
    return value * (1 + sign * STEP)


def moved(target: Target, quantity: Quantity, up: bool) -> Target:
    """The target with one number moved. Raises HeliographError HG4003 when the moved value is not possible."""
    spelled = parse(target.spelling)
    value = moved_value(quantity, up)
    return load_target(canonical(spelled.base, {**dict(spelled.overrides), quantity.key: value}))
