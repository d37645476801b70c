"""Queries, keys and values of attention wherever they lie: packed side by side, head by head, or in caches.

An access map reads a head out of any of these layouts, so nothing is split or transposed before the products.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from heliograph.compiler.contractions.emit import concat, cut, reshape, transpose
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.ir.core import SymExpr, Value, sym

Dim = SymExpr | int
HeadIndex = Callable[[SymExpr, SymExpr, SymExpr, SymExpr], list[SymExpr]]  # batch, head, place, channel -> index


@dataclass(frozen=True)
class Heads:
    """Vectors of several heads: where the one of a batch entry, head and place lies, and how many there are."""

    value: Value
    index: HeadIndex
    heads: int
    length: SymExpr
    width: SymExpr  # channels of a head
    offset: int = 0  # first channel, where they are packed

    @staticmethod
    def packed(value: Value, heads: int, width: int, offset: int = 0) -> Heads:
        """[batch, place, channels], the heads side by side from channel `offset` on."""

        def index(batch: SymExpr, head: SymExpr, place: SymExpr, channel: SymExpr) -> list[SymExpr]:
            return [batch, place, head * width + channel + offset]

        return Heads(value, index, heads, shape_of(value)[1], sym(width), offset)

    @staticmethod
    def apart(value: Value) -> Heads:
        """[batch, head, place, channel]."""
        shape = shape_of(value)
        return Heads(value, lambda b, h, p, c: [b, h, p, c], int(shape[1]), shape[2], shape[3])

    def spread(self, lowering: Lowering) -> Value:
        """The vectors as [batch, head, place, channel], which is how caches keep them."""
        if len(shape_of(self.value)) == 4:
            return self.value
        batch, width = shape_of(self.value)[0], int(self.width)
        part = self.alone(lowering)
        apart = reshape(lowering, part, [batch, self.length, self.heads, width])
        return transpose(lowering, apart, [0, 2, 1, 3])

    def alone(self, lowering: Lowering) -> Value:
        """Packed vectors as a tensor [batch, place, channels] of their own."""
        channels = self.heads * int(self.width)
        if shape_of(self.value)[2] == sym(channels):
            return self.value
        return cut(lowering, self.value, 2, self.offset, self.offset + channels)

    def after(self, past: Value, lowering: Lowering) -> Heads:
        """These vectors behind those of a cache."""
        return Heads.apart(concat(lowering, [past, self.spread(lowering)], 2))
