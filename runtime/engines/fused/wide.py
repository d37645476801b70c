"""Tiles of 16 rows and 16 columns: weights in the lanes, the light of each row spread over them.

All rows of a tile work through some slices before any goes on, so that the light and the weights of those stay in the
first-level cache. What a row has so far is put aside meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    aside = _Aside(v)

    def tile(offset: Value) -> None:
        top = b.add(first, offset)
        left = b.sub(end, top)
        rows = b.select(b.icmp_signed("<", left, v.i64(LANES)), left, v.i64(LANES))
        _Tile(v, shape, a, p, aside, block, top, rows).emit()

    v.loop(b.sub(end, first), tile, LANES)


@dataclass(frozen=True)
class _Tile:
    """Rows [top, top + rows) of one block of columns."""

    v: Lanes
    shape: Shape
    a: Mapping[str, Value]
    p: Mapping[str, Value]
    aside: _Aside
    block: Value
    top: Value
    rows: Value

    def emit(self) -> None:
        self._begin()
        emit_parts(self.v, self.a, self._add_part)
        self.v.loop(self.rows, self._end)

    def _begin(self) -> None:
        v, shape, a, aside, b = self.v, self.shape, self.a, self.aside, self.v.b
        words = v.array(VI32, len(STATE))
        if shape.drawn or shape.once:
            numbers = b.add(v.spread(b.add(a["stream_row"], self.top)), ir.Constant(VI64, list(range(LANES))))
            hashed = hashed_words(v, v.spread(a["key"]), numbers, v.spread(self.block))
            for number, word in enumerate(hashed):
                b.store(word, v.at(words, v.i64(number), VI32), align=64)

        def one(row: Value) -> None:
            aside.put(row, codes=v.u32(0), total=v.f32(0.0), variance=v.f32(0.0))
            if shape.drawn or shape.once:
                own = [v.load(v.at(v.at(words, v.i64(n), VI32), row, I32), I32) for n in range(len(STATE))]
                state = seeded(v, [v.spread(word) for word in own], column_lanes(v))
                aside.put(row, **dict(zip(STATE, state, strict=True)))

        v.loop(self.rows, one)

    def _add_part(self, pass_: Value, part: Value, sign: Value) -> None:
        v, shape, a, aside, b = self.v, self.shape, self.a, self.aside, self.v.b
        light = light_operand(v, shape, a, pass_, self.top)
        weights = weights_operand(v, shape, a, self.block, part)
        slices = max(_CACHED // shape.slice_bytes, 1)

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

            pairs = b.and_(self.rows, v.i64(-_ROWS))
            v.loop(pairs, lambda row: together(row, _ROWS), _ROWS)
            with b.if_then(b.icmp_signed("<", pairs, self.rows)):
                together(pairs, 1)

        v.loop(a["slices"], some, slices)

        def end(row: Value) -> None:
            one = aside.take(row, ("codes", "total"))
            end_part(v, shape, a, one, sign)
            aside.put_back(row, one)

        if not shape.once:
            v.loop(self.rows, end)

    def _end(self, row: Value) -> None:
        """Store the results of one row."""
        v, shape, a, b = self.v, self.shape, self.a, self.v.b
        first, number = b.mul(self.block, v.i64(LANES)), b.add(self.top, row)
        left = v.spread(b.trunc(b.sub(a["columns"], first), I32))
        mask = b.icmp_signed("<", v.u32(list(range(LANES))), left)
        scales, offsets = (v.load(v.at(a[n], first, F32), VF32) for n in ("column_scales", "column_offsets"))
        codes, scale = (v.spread(v.load(v.at(a[name], number, F32), F32)) for name in ("code_sums", "scales"))
        sums = self.aside.take(row, (*STATE, "total", "variance") if shape.once else ("total",))
        result = emit_result(v, shape, a, self.p, sums, (codes, offsets, b.fmul(scale, scales)))
        address = v.at(a["outputs"], b.add(b.mul(b.add(a["row"], number), a["columns"]), first), F32)
        v.call("llvm.masked.store.v16f32.p0", ir.VoidType(), result, address, I32(4), mask)
