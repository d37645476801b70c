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
    unsqueeze,
    where,
)
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import SymExpr, Value, sym
from heliograph.ir.size_names import spell_size

LOWEST = float(np.finfo(np.float32).min)


def padded(scores: Value, mask: Value, filtered: float, lowering: Lowering) -> Value:
    """Add `filtered` where a mask of keys says 0, or beyond the length that it gives per batch entry."""
    shape, (batch, _, queries, keys) = shape_of(mask), shape_of(scores)
    if element_of(mask) != I32:
        raise StaysElectronic("HG2007", f"mask of type {element_of(mask).name}")
    wanted = {2: (batch, keys), 3: (batch, queries, keys)}.get(len(shape), (batch,))
    if len(shape) != len(wanted) or not all(map(_fits, shape, wanted)) or (len(shape) == 1 and shape != wanted):
        own, rows, wide = (" x ".join(map(spell_size, s)) for s in (shape, (batch, queries), (keys,)))
        raise StaysElectronic("HG2007", f"mask of {own} for {rows} queries and {wide} keys")
    if len(shape) == 1:
        places = cast(lowering, count(lowering, scores, 3), I32)
        kept = elementwise(lowering, "Less", places, reshape(lowering, mask, [batch, 1]), element=BOOL)
    else:
        kept = elementwise(lowering, "Greater", mask, lowering.scalar(0, I32), element=BOOL)
    kept = unsqueeze(lowering, kept, [1] if len(shape) == 3 else [1, 2])
    added = where(lowering, kept, lowering.scalar(0.0, F32), lowering.scalar(filtered, F32))
    return lowering.onnx("Add", [scores, added], scores.type)


def biased(scores: Value, bias: Value, lowering: Lowering) -> Value:
    """Add what broadcasts against the scores."""
    for own, wanted in zip(shape_of(bias), shape_of(scores), strict=True):
        if own != sym(1) and not _fits(own, wanted):
            raise StaysElectronic(
                "HG2007", f"attention bias of size {spell_size(own)} where the scores have {spell_size(wanted)}"
            )
    return lowering.onnx("Add", [scores, cast(lowering, bias, F32)], scores.type)


def _fits(own: SymExpr, wanted: SymExpr) -> bool:
    """Whether two sizes may be equal; the run finds out where one of them is open."""
    return own == wanted or not (own.is_constant and wanted.is_constant)


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
    return lowering.onnx("Where", [kept, scores, lowering.scalar(LOWEST, F32)], scores.type)
