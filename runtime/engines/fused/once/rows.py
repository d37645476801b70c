"""Single rows that lie in one piece, encoded as they lie: less work than turning sixteen of them, where no features are
asked for."""

from __future__ import annotations

from collections.abc import Mapping

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, I64, LANES, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.light import emit_largest
from heliograph.runtime.engines.fused.once.encode import Encoder, dark_number, element_type
from heliograph.runtime.engines.fused.once.shape import OnceShape
from heliograph.runtime.engines.fused.once.units import Element


def emit_row(
    v: Lanes, shape: OnceShape, a: Mapping[str, Value], p: Mapping[str, Value], rows: tuple[Value, Value]
) -> None:
    """Write codes, full scale and sum of codes of one row. `rows`: its number within the entry and the scratch."""
    b, (row, local) = v.b, rows
    light = v.at(a["light"], b.mul(local, a["width"]), element_type(shape))
    with b.if_else(b.icmp_signed(">=", row, v.i64(0))) as (lit, dark):
        with lit:
            source = v.at(a["inputs"], v.load(v.at(a["row_places"], row, I64), I64, 8), F32)
            given = v.load(v.at(a["row_scales"], row if shape.measured else v.i64(0), F32), F32)
            scale = _largest(v, source, a["k"]) if shape.measured else given
            b.store(scale, v.at(a["scales"], local, F32))
            if shape.measured:
                with b.if_then(b.icmp_signed(">=", local, a["lead"])):
                    b.store(scale, v.at(a["row_scales"], row, F32))
            encoder = Encoder(v, shape, p, v.spread(scale))
            _codes(v, shape, a, source, light, (encoder, dark_number(v, shape, v.spread(scale))))
            if shape.summed:
                b.store(_sum(v, encoder.sums), v.at(a["sums"], local, F32))
        with dark:
            _zeros(v, shape, light, v.i64(0), a["width"])


def _largest(v: Lanes, row: Value, k: Value) -> Value:
    """The largest magnitude of a row; NaN where there is any."""
    b, largest = v.b, v.variable(VI32, v.u32(0))
    whole = b.and_(k, v.i64(-LANES))
    v.loop(whole, lambda first: emit_largest(v, v.load(v.at(row, first, F32), VF32), largest), LANES)
    with b.if_then(b.icmp_signed("<", whole, k)):
        emit_largest(v, v.load_some(v.at(row, whole, F32), v.below(whole, k)), largest)
    return b.bitcast(v.call("llvm.vector.reduce.umax.v16i32", I32, v.get(largest)), F32)


def _codes(
    v: Lanes, shape: OnceShape, a: Mapping[str, Value], row: Value, light: Value, by: tuple[Encoder, Value]
) -> None:
    b, (encoder, nothing) = v.b, by
    whole = b.and_(a["k"], v.i64(-LANES))

    def encode(first: Value, values: Value) -> None:
        _store(v, shape, encoder.kept(values)[1], v.at(light, first, element_type(shape)))

    v.loop(whole, lambda first: encode(first, v.load(v.at(row, first, F32), VF32)), LANES)
    with b.if_then(b.icmp_signed("<", whole, a["k"])):
        encode(whole, v.load_some(v.at(row, whole, F32), v.below(whole, a["k"]), nothing))
    _zeros(v, shape, light, b.and_(b.add(a["k"], v.i64(LANES - 1)), v.i64(-LANES)), a["width"])


def _zeros(v: Lanes, shape: OnceShape, light: Value, first: Value, end: Value) -> None:
    """Write codes of zero from `first` to `end`, both multiples of 16."""

    def vector(index: Value) -> None:
        _store(v, shape, v.f32(0.0), v.at(light, v.b.add(first, index), element_type(shape)))

    v.loop(v.b.sub(end, first), vector, LANES)


def _store(v: Lanes, shape: OnceShape, kept: Value, address: Value) -> None:
    if shape.element is Element.FLOAT:
        v.b.store(kept, address, align=4)
        return
    number = v.b.add(v.b.bitcast(kept, VI32), v.u32(shape.bias))
    narrow = v.b.trunc(number, ir.VectorType(element_type(shape), LANES))
    v.b.store(narrow, address, align=shape.element.bytes)


def _sum(v: Lanes, vector: Value) -> Value:
    return v.call("llvm.vector.reduce.fadd.v16f32", F32, F32(0.0), vector)
