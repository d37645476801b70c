"""Rows of the streamed operand as signed codes, both passes in one: what `coding.encode` does to arrays, emitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I8, I16, I32, I64, LANES, VF32, VI32, VI64, Lanes, Value
from heliograph.runtime.engines.fused.once.shape import OnceShape
from heliograph.runtime.engines.fused.once.units import Element

_LARGEST = 3.4028234663852886e38
BIAS = 128  # of int8 codes of both signs


def emit_gather(v: Lanes, row: Value, places: Value, k: Value, out: Value) -> None:
    """Write the float32 that lie `places` (int64 [k]) after `row` to `out` [k]."""
    b = v.b
    whole = b.and_(k, v.i64(-LANES))

    def vector(first: Value) -> None:
        addresses = v.each_at(row, v.load(v.at(places, first, I64), VI64, 8))
        every = ir.Constant(ir.VectorType(ir.IntType(1), LANES), [1] * LANES)
        values = v.call("llvm.masked.gather.v16f32.v16p0", VF32, addresses, I32(4), every, v.f32(0.0))
        b.store(values, v.at(out, first, F32), align=4)

    def one(index: Value) -> None:
        place = b.add(whole, index)
        value = v.load(v.at(row, v.load(v.at(places, place, I64), I64, 8), F32), F32)
        b.store(value, v.at(out, place, F32))

    v.loop(whole, vector, LANES)
    v.loop(b.sub(k, whole), one)


def emit_scale(v: Lanes, row: Value, k: Value) -> Value:
    """The largest magnitude of float32 [k] at `row`; NaN where there is any."""
    b = v.b
    largest = v.variable(VI32, v.u32(0))
    whole = b.and_(k, v.i64(-LANES))

    def vector(values: Value) -> None:
        bits = b.and_(b.bitcast(values, VI32), v.u32(0x7FFFFFFF))  # ordered as magnitudes are, and NaN above all
        b.store(b.select(b.icmp_signed(">", bits, v.get(largest)), bits, v.get(largest)), largest)

    v.loop(whole, lambda first: vector(v.load(v.at(row, first, F32), VF32)), LANES)
    with b.if_then(b.icmp_signed("<", whole, k)):
        vector(v.load_some(v.at(row, whole, F32), below(v, whole, k)))
    return b.bitcast(v.call("llvm.vector.reduce.smax.v16i32", I32, v.get(largest)), F32)


def emit_row(
    v: Lanes,
    shape: OnceShape,
    row: Value,
    scale: Value,
    sizes: tuple[Value, Value],
    light: Value,
    p: Mapping[str, Value],
) -> Value | None:
    """Write the codes of one row; returns their sum where it is asked for.

    `row`: address of float32 [k]; `scale`: its full scale; `sizes`: k, and the codes that are written to `light`, a
    multiple of 16: those from k on are zero.
    """
    b, (k, width) = v.b, sizes
    sums = v.variable(VF32, v.f32(0.0))
    lit = b.fcmp_ordered(">", scale, F32(0.0))
    divisor = b.select(lit, scale, F32(1.0 if shape.quick_division else float("inf")))
    quotient = b.fdiv(F32(1.0), divisor)
    least = b.select(b.fcmp_ordered("<", quotient, F32(_LARGEST)), quotient, F32(_LARGEST))
    inverse = v.spread(b.select(lit, least, F32(0.0)))
    divisor = v.spread(divisor)

    def vector(first: Value, mask: Value | None) -> None:
        address = v.at(row, first, F32)
        values = v.load(address, VF32) if mask is None else v.load_some(address, mask)
        share = _divide(v, shape, values, divisor, inverse)
        if shape.offset:
            share = b.fmul(b.fadd(share, v.f32(1.0)), v.f32(0.5))
        if not shape.measured or not shape.signed:
            share = v.least(v.most(share, v.f32(-1.0 if shape.signed else 0.0)), v.f32(1.0))
        code = b.fmul(share, p["levels"])
        code = v.round(code) if shape.rounded else code
        code = code if mask is None else b.select(mask, code, v.f32(0.0))
        if shape.summed:
            b.store(b.fadd(v.get(sums), code), sums)
        _store(v, shape, code, v.at(light, first, element_type(shape)))

    whole = b.and_(k, v.i64(-LANES))
    v.loop(whole, lambda first: vector(first, None), LANES)
    with b.if_then(b.icmp_signed("<", whole, k)):
        vector(whole, below(v, whole, k))
    emit_dark(v, shape, light, b.and_(b.add(k, v.i64(LANES - 1)), v.i64(-LANES)), width)
    if not shape.summed:
        return None
    total = v.call("llvm.vector.reduce.fadd.v16f32", F32, F32(0.0), v.get(sums))
    return b.fdiv(total, b.extract_element(p["levels"], I32(0)))


def emit_dark(v: Lanes, shape: OnceShape, light: Value, first: Value, end: Value) -> None:
    """Write codes of zero from `first` to `end`, both multiples of 16."""

    def vector(index: Value) -> None:
        _store(v, shape, v.f32(0.0), v.at(light, v.b.add(first, index), element_type(shape)))

    v.loop(v.b.sub(end, first), vector, LANES)


def below(v: Lanes, first: Value, k: Value) -> Value:
    """Mask of the lanes whose position, from `first` on, is below `k`."""
    left = v.spread(v.b.trunc(v.b.sub(k, first), I32))
    return v.b.icmp_signed("<", v.u32(list(range(LANES))), left)


def element_type(shape: OnceShape) -> Any:
    """Type of a stored code."""
    return {Element.INT8: I8, Element.INT16: I16, Element.FLOAT: F32}[shape.element]


def _divide(v: Lanes, shape: OnceShape, values: Value, divisor: Value, inverse: Value) -> Value:
    """``values / divisor``, rounded as a division is: a product, then its remainder (Markstein 1990)."""
    if not shape.quick_division:
        return v.b.fdiv(values, divisor)
    guess = v.b.fmul(values, inverse)
    rest = v.fma(v.b.fneg(guess), divisor, values)
    return v.fma(rest, inverse, guess)


def _store(v: Lanes, shape: OnceShape, code: Value, address: Value) -> None:
    if shape.element is Element.FLOAT:
        v.b.store(code, address, align=4)
        return
    number = v.b.fptosi(code, VI32)
    if shape.biased:
        number = v.b.add(number, v.u32(BIAS))
    narrow = v.b.trunc(number, ir.VectorType(element_type(shape), LANES))
    v.b.store(narrow, address, align=shape.element.bytes)
