"""Tiles of a few rows and 16 columns: weights in the lanes, the light of each row spread over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, Lanes, Value
from heliograph.runtime.engines.fused.layout import light_operand, weights_operand
from heliograph.runtime.engines.fused.random import column_lanes, emit_seed, hashed_words
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import Operand
from heliograph.runtime.engines.fused.tile import decoded, emit_tile

ROWS = 2  # that share each load of weights


def emit_wide(
    v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value, first: Value, end: Value
) -> None:
    """Results of one block of 16 columns in rows [first, end) of the strip."""
    b = v.b
    pairs = b.and_(b.sub(end, first), v.i64(-ROWS))
    v.loop(pairs, lambda row: _tile(v, shape, a, p, block, b.add(first, row), ROWS), ROWS)
    last = b.add(first, pairs)
    with b.if_then(b.icmp_signed("<", last, end)):
        _tile(v, shape, a, p, block, last, 1)


def _tile(
    v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value, row: Value, rows: int
) -> None:
    b = v.b
    numbers = [b.add(row, v.i64(r)) for r in range(rows)]

    def operands(pass_: Value, part: Value) -> tuple[Operand, Sequence[Operand]]:
        return weights_operand(v, shape, a, block, part), [light_operand(v, shape, a, pass_, n) for n in numbers]

    def state_of(n: Value) -> list[Value]:
        words = hashed_words(v, a["key"], b.add(a["stream_row"], n), block)
        return emit_seed(v, [v.spread(w) for w in words], column_lanes(v))

    states = [state_of(n) if shape.drawn or shape.once else [] for n in numbers]
    totals = emit_tile(v, shape, a, p, operands, states)
    first = b.mul(block, v.i64(LANES))
    scales, offsets = (v.load(v.at(a[n], first, F32), VF32) for n in ("column_scales", "column_offsets"))
    left = v.spread(b.trunc(b.sub(a["columns"], first), I32))
    mask = b.icmp_signed("<", v.u32(list(range(LANES))), left)
    for n, total in zip(numbers, totals, strict=True):
        entry_row = b.add(a["row"], n)
        codes, scale = (v.spread(v.load(v.at(a[name], n, F32), F32)) for name in ("code_sums", "scales"))
        result = decoded(v, p, total, codes, offsets, b.fmul(scale, scales))
        address = v.at(a["outputs"], b.add(b.mul(entry_row, a["columns"]), first), F32)
        v.call("llvm.masked.store.v16f32.p0", ir.VoidType(), result, address, I32(4), mask)
