"""Caches of keys and values that grow by what a step brings, each batch entry from a length of its own."""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.compiler.contractions.emit import (
    BOOL,
    I64,
    Dim,
    cast,
    concat,
    element_of,
    elementwise,
    reshape,
    size_of,
    tensor,
    transpose,
    where,
)
from heliograph.compiler.contractions.heads import Heads
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.ir.core import SymExpr, Value


@dataclass(frozen=True)
class Lengths:
    """Places filled before and after a step, per batch entry, as int64 vectors; and the longest after it."""

    before: Value
    after: Value
    longest: Value
    query: Value  # [batch, new places, channels]

    @staticmethod
    def of(query: Value, last: Value, longest: Value, lowering: Lowering) -> Lengths:
        """From the last place of each entry and the longest length; a step as long as that is a prompt."""
        batch = shape_of(query)[0]
        after = elementwise(
            lowering, "Add", reshape(lowering, cast(lowering, last, I64), [batch]), lowering.scalar(1, I64)
        )
        longest = reshape(lowering, cast(lowering, longest, I64), [])
        new = size_of(lowering, query, 1)
        prompt = elementwise(lowering, "Equal", new, longest, element=BOOL)
        before = where(lowering, prompt, lowering.scalar(0, I64), elementwise(lowering, "Sub", after, new))
        return Lengths(before, after, longest, query)

    def positions(self, lowering: Lowering) -> Value:
        """Positions [batch, new places]; padding behind the end of an entry counts as position 1."""
        batch, places = shape_of(self.query)[:2]
        steps = _range(lowering, size_of(lowering, self.query, 1), places)
        found = elementwise(lowering, "Add", reshape(lowering, self.before, [batch, 1]), steps)
        inside = elementwise(lowering, "Less", found, reshape(lowering, self.after, [batch, 1]), element=BOOL)
        return where(lowering, inside, found, lowering.scalar(1, I64))


def grown(past: Value, new: Heads, lengths: Lengths, total: SymExpr, lowering: Lowering) -> Heads:
    """The cache [batch, head, `total`, channel] after a step: old places, then new ones, then zeros."""
    batch, heads, _, width = shape_of(past)
    fresh = reshape(lowering, new.alone(lowering), [batch, new.length, heads, width])
    both = concat(lowering, [transpose(lowering, past, [0, 2, 1, 3]), fresh], 1)
    capacity = size_of(lowering, past, 2)
    places = _range(lowering, elementwise(lowering, "Max", lengths.longest, capacity), total)
    before = reshape(lowering, lengths.before, [batch, 1])
    ahead = elementwise(lowering, "Sub", places, before)  # how far behind the old places
    is_old = elementwise(lowering, "Less", places, before, element=BOOL)
    filled = elementwise(lowering, "Less", ahead, size_of(lowering, lengths.query, 1), element=BOOL)
    source = where(lowering, is_old, places, elementwise(lowering, "Add", ahead, capacity))
    source = where(lowering, filled, source, lowering.scalar(0, I64))
    element, dims = element_of(past), (batch, total, heads, width)
    picks = reshape(lowering, source, [batch, total, 1])
    picked = lowering.onnx("GatherND", [both, picks], tensor(element, dims), batch_dims=1)
    filled = reshape(lowering, filled, [batch, total, 1, 1])
    return Heads.apart(
        transpose(lowering, where(lowering, filled, picked, lowering.scalar(0.0, element)), [0, 2, 1, 3])
    )


def _range(lowering: Lowering, end: Value, length: Dim) -> Value:
    """0, 1, 2 ... before `end`."""
    bounds = [lowering.scalar(0, I64), end, lowering.scalar(1, I64)]
    return lowering.onnx("Range", bounds, tensor(I64, [length]))
