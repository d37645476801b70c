"""Rows of the streamed operand as light: what `coding.encode` and `detect.slice_light` do to arrays, emitted."""

from __future__ import annotations

from collections.abc import Mapping

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I16, LANES, VF32, Lanes, Value
from heliograph.runtime.engines.fused.shape import Shape

_NARROW = ir.VectorType(I16, LANES)


def emit_row(
    v: Lanes,
    shape: Shape,
    own: tuple[Value, Value],
    before: tuple[Value, Value, Value],
    k: Value,
    light: Value,
    squares: Value,
    p: Mapping[str, Value],
) -> Value:
    """Write the light of one row and its squares, up to a whole number of vectors; returns the sum of the codes.

    `own`: address and scale of the row; `before`: address, scale and share of the row that leaves light over. What is
    written beyond `k` meets weights of zero.
    """
    b = v.b
    sums = v.variable(VF32, v.f32(0.0))
    element = I16 if shape.integers else F32

    def vector(first: Value, mask: Value | None) -> None:
        code = _codes(v, shape, own[0], own[1], first, mask, p)
        b.store(b.fadd(v.get(sums), code), sums)
        number = code
        if shape.mixed_light:
            lit = b.fdiv(code, p["levels"]) if shape.rounded_codes else code
            left = _codes(v, shape, before[0], before[1], first, mask, p)
            left = b.fdiv(left, p["levels"]) if shape.rounded_codes else left
            lit = b.fadd(b.fmul(lit, b.fsub(v.f32(1.0), p["share"])), b.fmul(left, before[2]))
            lit = b.fadd(p["floor"], b.fmul(lit, b.fsub(v.f32(1.0), p["floor"])))
            number = b.fmul(lit, p["light_unit"])
        _store(v, shape, number, v.at(light, first, element))
        if shape.sumsq:
            unit = b.fdiv(p["square_unit"], b.fmul(p["light_unit"], p["light_unit"]))
            _store(v, shape, b.fmul(b.fmul(number, number), unit), v.at(squares, first, element))

    whole = b.and_(k, v.i64(-LANES))
    v.loop(whole, lambda first: vector(first, None), LANES)
    with b.if_then(b.icmp_signed("<", whole, k)):
        left_over = v.spread(b.trunc(b.sub(k, whole), ir.IntType(32)))
        vector(whole, b.icmp_signed("<", v.u32(list(range(LANES))), left_over))
    total = v.call("llvm.vector.reduce.fadd.v16f32", F32, ir.Constant(F32, 0.0), v.get(sums))
    return b.fdiv(total, b.extract_element(p["levels"], ir.IntType(32)(0)))


def _codes(
    v: Lanes, shape: Shape, row: Value, scale: Value, first: Value, mask: Value | None, p: Mapping[str, Value]
) -> Value:
    """Codes times levels."""
    b = v.b
    address = v.at(row, first, F32)
    if mask is None:
        values = v.load(address, VF32)
    else:
        values = v.call("llvm.masked.load.v16f32.p0", VF32, address, ir.IntType(32)(4), mask, v.f32(0.0))
    share = b.fmul(b.fadd(b.fdiv(values, scale), p["add"]), p["multiply"])
    code = b.fmul(v.least(v.most(share, p["least"]), v.f32(1.0)), p["levels"])
    code = v.round(code) if shape.rounded_codes else code
    return code if mask is None else b.select(mask, code, v.f32(0.0))


def _store(v: Lanes, shape: Shape, number: Value, address: Value) -> None:
    if shape.integers:
        narrow = v.b.trunc(v.b.fptosi(v.round(number), ir.VectorType(ir.IntType(32), LANES)), _NARROW)
        v.b.store(narrow, address, align=2)
    else:
        v.b.store(number, address, align=4)
