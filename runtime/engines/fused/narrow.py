"""Tiles of 16 rows and one column: light in the lanes, the weights of the column spread over them.

For results of fewer columns than there are lanes, where a tile of 16 columns would compute lanes that nobody reads.
"""

from __future__ import annotations

from collections.abc import Mapping

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, VI64, Lanes, Value
from heliograph.runtime.engines.fused.layout import light_operand, weights_operand
from heliograph.runtime.engines.fused.random import column_lane, hashed_words, seeded
from heliograph.runtime.engines.fused.shape import FEWER, Shape
from heliograph.runtime.engines.fused.tile import KINDS, STATE, emit_parts, emit_result, emit_slices, end_part


def is_narrow(v: Lanes, rows: Value, columns: Value) -> Value:
    """Whether `columns` tiles of 16 rows take less than `rows` tiles of 16 columns."""
    return v.b.icmp_signed("<=", v.b.add(columns, v.i64(FEWER)), rows)


def emit_narrow(
    v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value, first: Value, columns: Value
) -> None:
    """The first `columns` results of one block of columns, in the strip's rows from `first` on: 16 or what is left."""
    b = v.b
    lanes = ir.Constant(VI64, list(range(LANES)))
    rows = b.add(v.spread(first), lanes)
    there = b.icmp_signed("<", rows, v.spread(a["rows"]))
    entry_rows = b.add(v.spread(a["row"]), rows)
    stream_rows = b.add(v.spread(a["stream_row"]), rows)
    words = hashed_words(v, v.spread(a["key"]), stream_rows, v.spread(block))
    codes, scales = (v.load(v.at(a[name], first, F32), VF32) for name in ("code_sums", "scales"))
    places = b.add(b.mul(entry_rows, v.spread(a["columns"])), v.spread(b.mul(block, v.i64(LANES))))

    def one_column(c: Value) -> None:
        sums = {name: v.variable(kind, ir.Constant(kind, [0] * LANES)) for name, kind in KINDS.items()}
        if shape.drawn or shape.once:
            for name, word in zip(STATE, seeded(v, words, column_lane(v, c)), strict=True):
                b.store(word, sums[name])

        def one_part(pass_: Value, part: Value, sign: Value) -> None:
            light, weights = light_operand(v, shape, a, pass_, first), weights_operand(v, shape, a, block, part)
            emit_slices(v, shape, p, (light, [weights.column(v, c)]), [sums], sign, (v.i64(0), a["slices"]))
            end_part(v, shape, a, sums, sign)

        emit_parts(v, a, one_part)
        column = b.add(b.mul(block, v.i64(LANES)), c)
        scale, offset = (v.spread(v.load(v.at(a[n], column, F32), F32)) for n in ("column_scales", "column_offsets"))
        result = emit_result(v, shape, a, p, sums, (codes, offset, b.fmul(scales, scale)))
        addresses = v.each_at(a["outputs"], b.add(places, v.spread(c)))
        v.call("llvm.masked.scatter.v16f32.v16p0", ir.VoidType(), result, addresses, I32(4), there)

    v.loop(columns, one_column)
