"""From sums to results: what the symbol before left over, the draw and the decoder, for 16 columns at a time."""

from __future__ import annotations

from collections.abc import Mapping

from heliograph.runtime.engines.fused.lanes import F32, LANES, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.once.shape import OnceShape
from heliograph.runtime.engines.fused.random import column_lanes, emit_normal, hashed_words, seeded


def emit_finish(
    v: Lanes, shape: OnceShape, a: Mapping[str, Value], p: Mapping[str, Value], panel: Value, vectors: int
) -> None:
    """Results of all rows and of the columns of a panel, whose first block is `panel` blocks after the first."""
    b = v.b
    width = v.i64(vectors * LANES)

    def row(number: Value) -> None:
        entry_row = b.add(a["row"], number)
        own = b.add(number, a["lead"])
        codes = v.spread(v.load(v.at(a["sums"], own, F32), F32)) if shape.summed else None
        scale = v.spread(v.load(v.at(a["scales"], own, F32), F32))
        for vector in range(vectors):
            local = b.add(panel, v.i64(vector))
            block = b.add(a["block"], local)
            lanes = v.i64(vector * LANES)

            def stored(name: str, at_row: Value, lanes: Value = lanes) -> Value:
                return v.load(v.at(a[name], b.add(b.mul(at_row, width), lanes), F32), VF32)

            dot = stored("totals", own)
            if shape.mixed:
                before = b.fmul(stored("totals", b.sub(own, a["before"])), p["share"])
                dot = v.fma(dot, b.fsub(v.f32(1.0), p["share"]), before)
            spread = b.fadd(stored("spreads", number), p["spread"]) if shape.features else p["spread"]
            column = b.mul(local, v.i64(LANES))
            scales, offset = (v.load(v.at(a[n], column, F32), VF32) for n in ("column_scales", "column_offsets"))
            if codes is not None:
                offset = v.fma(codes, p["code_gain"], offset)
            words = hashed_words(v, a["key"], b.add(a["entry_row"], entry_row), block)
            words = seeded(v, [v.spread(word) for word in words], column_lanes(v))
            state = [v.variable(VI32, word) for word in words]
            result = v.fma(v.sqrt(spread), emit_normal(v, state), v.fma(dot, p["gain"], offset))
            result = b.fmul(result, b.fmul(scale, scales))
            first = b.mul(block, v.i64(LANES))
            address = v.at(a["outputs"], b.add(b.mul(entry_row, a["columns"]), first), F32)
            _store(v, result, address, first, a["columns"])

    v.loop(a["rows"], row)


def _store(v: Lanes, result: Value, address: Value, first: Value, columns: Value) -> None:
    """Write the lanes that are columns. Stores by a mask are slow on AVX2, so whole vectors do without."""
    b = v.b
    with b.if_else(b.icmp_signed("<=", b.add(first, v.i64(LANES)), columns)) as (whole, part):
        with whole:
            b.store(result, address, align=4)
        with part:
            mask = v.below(first, columns)
            v.store_some(result, address, mask)
