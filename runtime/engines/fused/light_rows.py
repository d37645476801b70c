"""Elements of a row in lanes: sixteen at a time, for a few rows that lie in one piece each."""

from __future__ import annotations

from collections.abc import Mapping

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I8, I16, I32, I64, LANES, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.layout import light_operand
from heliograph.runtime.engines.fused.light import (
    Encoder,
    Strip,
    emit_largest,
    emit_scale,
)
from heliograph.runtime.engines.fused.shape import Shape


def emit_rows(v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], strip: Strip) -> None:
    """Light, code sums and scales of a strip, row by row; codes of earlier rows are kept as long as needed."""
    b = v.b
    kept = b.add(a["before"], v.i64(1))
    size = b.and_(b.add(a["k"], v.i64(LANES - 1)), v.i64(-LANES))
    extra = b.mul(a["before"], strip.earlier)
    encoder = Encoder(v, shape, p)

    def codes_at(number: Value) -> Value:
        return v.at(a["codes"], b.mul(b.urem(number, kept), size), F32)

    def one(counter: Value) -> None:
        local = b.sub(counter, extra)
        number = b.add(strip.first, local)
        row = b.add(a["row"], number)
        own = codes_at(b.add(number, a["before"]))
        lit = b.icmp_signed(">=", local, v.i64(0))
        read = b.icmp_signed("<", b.add(local, a["before"]), a["rows"])
        with b.if_then(b.or_(lit, read)):
            with b.if_else(b.icmp_signed("<", row, v.i64(0))) as (dark, bright):
                with dark:
                    v.loop(size, lambda i: b.store(v.f32(0.0), v.at(own, i, F32), align=4), LANES)
                with bright:
                    _codes(encoder, a, own, row, (lit, local))
            with b.if_then(lit):
                _store(encoder, a, (own, codes_at(number)), size, local)

    v.loop(b.add(strip.rows, extra), one)


def _codes(encoder: Encoder, a: Mapping[str, Value], own: Value, row: Value, place: tuple[Value, Value]) -> None:
    """Codes of one row; zeros up to a whole vector. Its sum and scale go to `place`: whether and where."""
    v, b = encoder.v, encoder.v.b
    source = v.at(a["inputs"], v.load(v.at(a["row_places"], row, I64), I64, 8), F32)
    whole = b.and_(a["k"], v.i64(-LANES))
    mask = v.below(whole, a["k"])
    largest, sums = v.variable(VI32, v.u32(0)), v.variable(VF32, v.f32(0.0))
    left_over = b.icmp_signed("<", whole, a["k"])

    def last() -> Value:
        return v.load_some(v.at(source, whole, F32), mask)

    v.loop(whole, lambda k: emit_largest(v, v.load(v.at(source, k, F32), VF32), largest), LANES)
    with b.if_then(left_over):
        emit_largest(v, last(), largest)
    bits = v.call("llvm.vector.reduce.umax.v16i32", I32, v.get(largest))
    scale, divisor = emit_scale(v, a, encoder.p, v.spread(bits))

    def keep(k: Value, code: Value) -> None:
        b.store(b.fadd(v.get(sums), code), sums)
        b.store(code, v.at(own, k, F32), align=4)

    v.loop(whole, lambda k: keep(k, encoder.code(v.load(v.at(source, k, F32), VF32), divisor)), LANES)
    with b.if_then(left_over):
        keep(whole, b.select(mask, encoder.code(last(), divisor), v.f32(0.0)))
    with b.if_then(place[0]):
        total = v.call("llvm.vector.reduce.fadd.v16f32", F32, ir.Constant(F32, 0.0), v.get(sums))
        levels = b.extract_element(encoder.p["levels"], I32(0))
        b.store(b.fdiv(total, levels), v.at(a["code_sums"], place[1], F32))
        b.store(b.extract_element(scale, I32(0)), v.at(a["scales"], place[1], F32))


def _store(encoder: Encoder, a: Mapping[str, Value], codes: tuple[Value, Value], size: Value, row: Value) -> None:
    """Codes as light; the second ones are of the row that left light over."""
    v, b, shape = encoder.v, encoder.v.b, encoder.shape

    def units(number: Value, in_bytes: bool) -> tuple[Value, int]:
        """Sixteen numbers as units, and how many those are."""
        if not shape.integers:
            return b.bitcast(number, VI32), LANES
        element, count = (I8, LANES // 4) if in_bytes else (I16, LANES // 2)
        narrow = b.trunc(encoder.integer(number), ir.VectorType(element, LANES))
        return b.bitcast(narrow, ir.VectorType(I32, count)), count

    def passes(count: int) -> None:
        lit = [light_operand(v, shape, a, v.i64(i), row) for i in range(count)]

        def vector(k: Value) -> None:
            own = v.load(v.at(codes[0], k, F32), VF32)
            left = v.load(v.at(codes[1], k, F32), VF32) if shape.mixed_light else None
            for pass_, operand in enumerate(lit):
                made = encoder.numbers(own, left, pass_)
                for number, (address, in_bytes) in zip(made, encoder.stored(operand), strict=True):
                    bits, several = units(number, in_bytes)
                    first = v.at(address, b.mul(k, v.i64(several)), I32)  # 16 numbers beside each other for each unit
                    for unit in range(several):
                        b.store(b.extract_element(bits, I32(unit)), v.at(first, v.i64(unit * LANES), I32))

        v.loop(size, vector, LANES)

    with b.if_else(b.icmp_signed(">", a["lhs_passes"], v.i64(1))) as (two, one):
        with two:
            passes(2)
        with one:
            passes(1)
