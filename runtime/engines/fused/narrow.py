"""Tiles of 16 rows and one column: light in the lanes, the weights of the column spread over them.

For results of fewer columns than there are lanes, where a tile of 16 columns would compute lanes that nobody reads.
The light of 16 rows is turned first, so that what stood side by side in a row stands below each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, VI32, VI64, Lanes, Value
from heliograph.runtime.engines.fused.layout import (
    light_row,
    turned_operand,
    turned_units,
    weights_operand,
)
from heliograph.runtime.engines.fused.random import column_lane, emit_seed, hashed_words
from heliograph.runtime.engines.fused.shape import TURNING, Shape
from heliograph.runtime.engines.fused.step import Operand
from heliograph.runtime.engines.fused.tile import decoded, emit_tile


def is_narrow(v: Lanes, rows: Value, columns: Value) -> Value:
    """Whether `columns` tiles of 16 rows take less than `rows` tiles of 16 columns."""
    return v.b.icmp_signed("<=", v.b.add(columns, v.i64(TURNING)), rows)


def emit_narrow(
    v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value, first: Value, columns: Value
) -> None:
    """The first `columns` results of one block of columns, in the task's rows from `first` on: 16 or what is left."""
    b = v.b
    last = b.sub(a["rows"], v.i64(1))
    _turn(v, shape, a, first, last)
    lanes = ir.Constant(VI64, list(range(LANES)))
    rows = b.add(v.spread(first), lanes)
    there = b.icmp_signed("<=", rows, v.spread(last))
    entry_rows = b.add(v.spread(a["row"]), rows)
    number = b.add(a["block"], block)
    stream_rows = b.add(v.spread(a["stream_row"]), rows)
    words = hashed_words(v, v.spread(a["key"]), stream_rows, v.spread(number))
    codes = v.load(v.at(a["code_sums"], first, F32), VF32)
    scales = _gather(v, v.each_at(a["row_scales"], b.mul(entry_rows, v.spread(a["row_scale_stride"]))), there)
    places = b.add(b.mul(entry_rows, v.spread(a["columns"])), v.spread(b.mul(number, v.i64(LANES))))

    def one_column(c: Value) -> None:
        def operands(pass_: Value, part: Value) -> tuple[Operand, Sequence[Operand]]:
            return turned_operand(v, shape, a, pass_), [weights_operand(v, shape, a, block, part).column(v, c)]

        state = emit_seed(v, words, column_lane(v, c)) if shape.drawn or shape.once else []
        (total,) = emit_tile(v, shape, a, p, operands, [state])
        column = b.add(b.mul(block, v.i64(LANES)), c)
        scale, offset = (v.spread(v.load(v.at(a[n], column, F32), F32)) for n in ("column_scales", "column_offsets"))
        result = decoded(v, p, total, codes, offset, b.fmul(scales, scale))
        addresses = v.each_at(a["outputs"], b.add(places, v.spread(c)))
        v.call("llvm.masked.scatter.v16f32.v16p0", ir.VoidType(), result, addresses, I32(4), there)

    v.loop(columns, one_column)


def _gather(v: Lanes, addresses: Value, there: Value) -> Value:
    return v.call("llvm.masked.gather.v16f32.v16p0", VF32, addresses, I32(4), there, v.f32(0.0))


def _turn(v: Lanes, shape: Shape, a: Mapping[str, Value], first: Value, last: Value) -> None:
    """Write the light of 16 rows to the scratch of turned light; rows beyond the last are copies of it."""
    b = v.b
    units = turned_units(v, shape, a)

    def one_pass(pass_: Value) -> None:
        numbers = [b.add(first, v.i64(lane)) for lane in range(LANES)]
        numbers = [b.select(b.icmp_signed("<", n, last), n, last) for n in numbers]
        rows = [light_row(v, shape, a, pass_, n) for n in numbers]
        turned = v.at(a["turned"], b.mul(pass_, b.mul(units, v.i64(LANES))), I32)

        def some(unit: Value) -> None:
            square = [v.load(v.at(row, unit, I32), VI32) for row in rows]
            place = v.at(turned, b.mul(unit, v.i64(LANES)), I32)
            for number, vector in enumerate(v.transposed(square)):
                b.store(vector, v.at(place, v.i64(number * LANES), I32), align=64)

        v.loop(units, some, LANES)

    v.loop(a["lhs_passes"], one_pass)
