"""Tiles of 16 rows and 16 columns: weights in the lanes, the light of each row spread over them.

All rows of a tile work through some slices before any goes on, so that the light and the weights of those stay in the
first-level cache. What a row has so far is put aside meanwhile. Where slices are few and nothing is drawn on the way,
rows do all of them at once instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, VI32, VI64, Lanes, Value
from heliograph.runtime.engines.fused.layout import light_operand, weights_operand
from heliograph.runtime.engines.fused.random import column_lanes, hashed_words, seeded
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.tile import (
    KINDS,
    STATE,
    Sums,
    emit_parts,
    emit_result,
    emit_slices,
    end_part,
    used_by_slices,
)

_ROWS = 2  # that share each load of weights
_CACHED = 10 << 10  # bytes of weights, and as many of light, that rows work through in turns


class _Aside:
    """Vectors of 16 rows, in memory."""

    def __init__(self, v: Lanes) -> None:
        self._v = v
        self._arrays = {name: v.array(kind, LANES) for name, kind in KINDS.items()}

    def put(self, row: Value, **values: Value) -> None:
        for name, value in values.items():
            self._v.b.store(value, self._v.at(self._arrays[name], row, KINDS[name]), align=64)

    def take(self, row: Value, names: Sequence[str]) -> Sums:
        v = self._v
        return {n: v.variable(KINDS[n], v.load(v.at(self._arrays[n], row, KINDS[n]), KINDS[n], 64)) for n in names}

    def put_back(self, row: Value, sums: Sums) -> None:
        self.put(row, **{name: self._v.get(slot) for name, slot in sums.items()})


def emit_wide(
    v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value, first: Value, end: Value
) -> None:
    """Results of one block of 16 columns in rows [first, end) of the strip; `first` is a multiple of 16."""
    b = v.b
    aside, words = _Aside(v), v.array(VI32, len(STATE))

    def tile(offset: Value) -> None:
        top = b.add(first, offset)
        left = b.sub(end, top)
        rows = b.select(b.icmp_signed("<", left, v.i64(LANES)), left, v.i64(LANES))
        _Tile(v, shape, a, p, aside, words, block, top, rows).emit()

    v.loop(b.sub(end, first), tile, LANES)


@dataclass(frozen=True)
class _Tile:
    """Rows [top, top + rows) of one block of columns."""

    v: Lanes
    shape: Shape
    a: Mapping[str, Value]
    p: Mapping[str, Value]
    aside: _Aside
    words: Value  # memory for those that streams are seeded from
    block: Value
    top: Value
    rows: Value

    def emit(self) -> None:
        v, a, b = self.v, self.a, self.v.b
        self._hash()
        if self.shape.once:
            every = b.mul(a["slices"], b.mul(a["lhs_passes"], a["rhs_parts"]))
            with b.if_else(b.icmp_signed("<=", every, v.i64(self._slices_in_turns))) as (few, many):
                with few:
                    self._by_pairs(self._all_slices)
                with many:
                    self._in_turns()
        else:
            self._in_turns()

    @property
    def _slices_in_turns(self) -> int:
        """Slices whose operands stay in the cache."""
        return max(_CACHED // self.shape.slice_bytes, 1)

    def _by_pairs(self, body: Callable[[Value, int], None]) -> None:
        """``body(first row, rows)`` for all rows, so many at once as share loads of weights."""
        v, b = self.v, self.v.b
        pairs = b.and_(self.rows, v.i64(-_ROWS))
        v.loop(pairs, lambda row: body(row, _ROWS), _ROWS)
        with b.if_then(b.icmp_signed("<", pairs, self.rows)):
            body(pairs, 1)

    def _in_turns(self) -> None:
        self.v.loop(self.rows, self._begin)
        emit_parts(self.v, self.a, self._add_part)
        self.v.loop(self.rows, self._end)

    def _all_slices(self, row: Value, count: int) -> None:
        """All slices of a few rows at once, which takes so few registers where nothing is drawn on the way."""
        v, shape, a, b = self.v, self.shape, self.a, self.v.b
        numbers = [b.add(row, v.i64(n)) for n in range(count)]
        sums = [{name: v.variable(VF32, v.f32(0.0)) for name in used_by_slices(shape)} for _ in numbers]

        def part(pass_: Value, part: Value, sign: Value) -> None:
            light = light_operand(v, shape, a, pass_, self.top)
            weights = weights_operand(v, shape, a, self.block, part)
            lit = [light.column(v, number) for number in numbers]
            emit_slices(v, shape, self.p, (weights, lit), sums, sign, (v.i64(0), a["slices"]))

        emit_parts(v, a, part)
        for number, one in zip(numbers, sums, strict=True):
            self._store(number, one)

    def _hash(self) -> None:
        """Words of all 16 rows, from which their streams are seeded."""
        v, a, b = self.v, self.a, self.v.b
        if self._has_streams:
            numbers = b.add(v.spread(b.add(a["stream_row"], self.top)), ir.Constant(VI64, list(range(LANES))))
            hashed = hashed_words(v, v.spread(a["key"]), numbers, v.spread(self.block))
            for number, word in enumerate(hashed):
                b.store(word, v.at(self.words, v.i64(number), VI32), align=64)

    @property
    def _has_streams(self) -> bool:
        return self.shape.drawn or self.shape.once

    def _state(self, row: Value) -> dict[str, Value]:
        """The streams of a row, at their beginning."""
        v = self.v
        own = [v.load(v.at(v.at(self.words, v.i64(n), VI32), row, I32), I32) for n in range(len(STATE))]
        return dict(zip(STATE, seeded(v, [v.spread(word) for word in own], column_lanes(v)), strict=True))

    def _begin(self, row: Value) -> None:
        shape = self.shape
        self.aside.put(row, **{name: ir.Constant(KINDS[name], [0] * LANES) for name in ("codes", "total", "variance")})
        if shape.drawn and not shape.once:
            self.aside.put(row, **self._state(row))

    def _add_part(self, pass_: Value, part: Value, sign: Value) -> None:
        v, shape, a, aside, b = self.v, self.shape, self.a, self.aside, self.v.b
        light = light_operand(v, shape, a, pass_, self.top)
        weights = weights_operand(v, shape, a, self.block, part)
        slices = self._slices_in_turns

        def some(first: Value) -> None:
            left = b.sub(a["slices"], first)
            span = first, b.select(b.icmp_signed("<", left, v.i64(slices)), left, v.i64(slices))

            def together(row: Value, count: int) -> None:
                numbers = [b.add(row, v.i64(n)) for n in range(count)]
                sums = [aside.take(number, used_by_slices(shape)) for number in numbers]
                lit = [light.column(v, number) for number in numbers]
                emit_slices(v, shape, self.p, (weights, lit), sums, sign, span)
                for number, one in zip(numbers, sums, strict=True):
                    aside.put_back(number, one)

            self._by_pairs(together)

        v.loop(a["slices"], some, slices)

        def end(row: Value) -> None:
            one = aside.take(row, ("codes", "total"))
            end_part(v, shape, a, one, sign)
            aside.put_back(row, one)

        if not shape.once:
            v.loop(self.rows, end)

    def _end(self, row: Value) -> None:
        self._store(row, self.aside.take(row, ("total", "variance") if self.shape.once else ("total",)))

    def _store(self, row: Value, sums: Sums) -> None:
        """Store the results of one row."""
        v, shape, a, b = self.v, self.shape, self.a, self.v.b
        first, number = b.mul(self.block, v.i64(LANES)), b.add(self.top, row)
        mask = v.below(first, a["columns"])
        scales, offsets = (v.load(v.at(a[n], first, F32), VF32) for n in ("column_scales", "column_offsets"))
        codes, scale = (v.spread(v.load(v.at(a[name], number, F32), F32)) for name in ("code_sums", "scales"))
        if shape.once:
            sums = {**sums, **{name: v.variable(VI32, word) for name, word in self._state(row).items()}}
        result = emit_result(v, shape, a, self.p, sums, (codes, offsets, b.fmul(scale, scales)))
        address = v.at(a["outputs"], b.add(b.mul(b.add(a["row"], number), a["columns"]), first), F32)
        v.store_some(result, address, mask)
