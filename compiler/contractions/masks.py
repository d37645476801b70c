"""Masks of attention as com.microsoft writes them, on scores [batch, head, query, key] in float32."""

from __future__ import annotations

import numpy as np

from heliograph.compiler.contractions.emit import (
    BOOL,
    F32,
    I32,
    I64,
    cast,
    count,
    element_of,
    elementwise,
    reshape,
    size_of,
    where,
)
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import Value, sym

LOWEST = float(np.finfo(np.float32).min)


def padded(scores: Value, mask: Value, filtered: float, lowering: Lowering) -> Value:
    """Add `filtered` where a mask of keys says 0, or beyond the length that it gives per batch entry."""
    shape, (batch, _, queries, keys) = shape_of(mask), shape_of(scores)
    if element_of(mask) != I32:
        raise StaysElectronic("HG2007", f"mask of type {element_of(mask).name}")
    if shape == (batch,):
        places = cast(lowering, count(lowering, scores, 3), I32)
        kept = elementwise(lowering, "Less", places, reshape(lowering, mask, [batch, 1]), element=BOOL)
        kept = reshape(lowering, kept, [batch, 1, 1, keys])
    elif shape in ((batch, keys), (batch, queries, keys)):
        kept = elementwise(lowering, "Greater", mask, lowering.scalar(0, I32), element=BOOL)
        kept = reshape(lowering, kept, [batch, 1, queries if len(shape) == 3 else 1, keys])
    else:
        spelled = " x ".join(str(s) for s in shape)
        raise StaysElectronic("HG2007", f"mask of {spelled} for {batch} x {queries} queries and {keys} keys")
    added = where(lowering, kept, lowering.scalar(0.0, F32), lowering.scalar(filtered, F32))
    return elementwise(lowering, "Add", scores, added)


def biased(scores: Value, bias: Value, lowering: Lowering) -> Value:
    """Add what broadcasts against the scores."""
    shape = shape_of(bias)
    for own, wanted in zip(shape, shape_of(scores), strict=True):
        if own not in (wanted, sym(1)):
            raise StaysElectronic("HG2007", f"attention bias of size {own} where the scores have {wanted}")
    return elementwise(lowering, "Add", scores, cast(lowering, bias, F32))


def causal(scores: Value, lowering: Lowering) -> Value:
    """A query sees no key behind its own; the last query stands at the last key."""
    ahead = elementwise(lowering, "Sub", size_of(lowering, scores, 3), size_of(lowering, scores, 2))
    places = elementwise(lowering, "Add", count(lowering, scores, 2), ahead)
    return seen(scores, reshape(lowering, places, [1, 1, shape_of(scores)[2], 1]), lowering)


def seen(scores: Value, last: Value, lowering: Lowering, *, window: int = 0) -> Value:
    """Keep scores of keys up to `last`, an int64 tensor that broadcasts; with a window, of so many keys at most."""
    keys = count(lowering, scores, 3)
    kept = elementwise(lowering, "LessOrEqual", keys, last, element=BOOL)
    if window > 0:
        first = elementwise(lowering, "Sub", last, lowering.scalar(window, I64))
        near = elementwise(lowering, "Greater", keys, first, element=BOOL)
        kept = elementwise(lowering, "And", kept, near)
    return where(lowering, kept, scores, lowering.scalar(LOWEST, F32))
