"""The streamed operand as signed codes, both passes in one: what `coding.encode` does to arrays, emitted.

Sixteen rows at a time: their numbers come with the rows in the lanes, so that full scales and features are had without
sums across lanes. The codes of a row are written beside each other, as the product reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import (
    F32,
    I8,
    I16,
    I32,
    LANES,
    ROUNDER,
    ROUNDER_BITS,
    VF32,
    VI32,
    Lanes,
    Value,
)
from heliograph.runtime.engines.fused.light import emit_largest
from heliograph.runtime.engines.fused.light_read import emit_read
from heliograph.runtime.engines.fused.once.shape import OnceShape
from heliograph.runtime.engines.fused.once.units import Element

_LARGEST = 3.4028234663852886e38


class Encoder:
    """Makes codes of a block of rows; `scale`: their full scales."""

    def __init__(self, v: Lanes, shape: OnceShape, p: Mapping[str, Value], scale: Value) -> None:
        b = v.b
        self._v, self._shape, self._p = v, shape, p
        self._sums = v.variable(VF32, v.f32(0.0))
        lit = b.fcmp_ordered(">", scale, v.f32(0.0))
        self._divisor = b.select(lit, scale, v.f32(1.0 if shape.quick_division else float("inf")))
        inverse = v.least(b.fdiv(v.f32(1.0), self._divisor), v.f32(_LARGEST))
        self._inverse = b.select(lit, inverse, v.f32(0.0))

    def kept(self, values: Value) -> tuple[Value, Value]:
        """Codes in levels of values, and what is kept of them: integers in the low bits, or the codes themselves."""
        v, b, shape = self._v, self._v.b, self._shape
        share = self._divided(values)
        if shape.offset:
            share = b.fmul(b.fadd(share, v.f32(1.0)), v.f32(0.5))
        if not shape.measured or not shape.signed:
            share = v.least(v.most(share, v.f32(-1.0 if shape.signed else 0.0)), v.f32(1.0))
        code = b.fmul(share, self._p["levels"])
        if shape.element is Element.FLOAT:
            code = kept = v.round(code) if shape.rounded else code
        else:
            kept = b.fadd(code, v.f32(ROUNDER))
            code = b.fsub(kept, v.f32(ROUNDER))
        if shape.summed:
            b.store(b.fadd(v.get(self._sums), code), self._sums)
        return code, kept

    @property
    def sums(self) -> Value:
        """The sum of all codes of each row so far, as shares of full scale."""
        return self._v.b.fdiv(self._v.get(self._sums), self._p["levels"])

    def _divided(self, values: Value) -> Value:
        """``values / divisor``, rounded as a division is: a product, then its remainder (Markstein 1990)."""
        v, b = self._v, self._v.b
        if not self._shape.quick_division:
            return b.fdiv(values, self._divisor)
        guess = b.fmul(values, self._inverse)
        rest = v.fma(b.fneg(guess), self._divisor, values)
        return v.fma(rest, self._inverse, guess)


def numbers_at(v: Lanes, a: Mapping[str, Value], position: Value) -> Value:
    """Where the numbers of a block lie that belong to one position within its rows."""
    return v.at(a["numbers"], v.b.mul(position, v.i64(LANES)), F32)


def emit_numbers(v: Lanes, shape: OnceShape, a: Mapping[str, Value], row: Value) -> Value:
    """Write the numbers of sixteen rows from `row` of the entry on to `numbers` [k, 16]; returns their full scales.

    Rows before the first of the entry are dark. NaN is a scale where there is any.
    """
    b = v.b
    largest, scale = v.variable(VI32, v.u32(0)), v.variable(VF32, v.f32(1.0))
    with b.if_else(b.icmp_signed(">=", row, v.i64(0))) as (lit, dark):
        with lit:

            def keep(position: Value, values: Value) -> None:
                if shape.measured:
                    emit_largest(v, values, largest)
                b.store(values, numbers_at(v, a, position), align=64)

            emit_read(v, a, b.sdiv(row, v.i64(LANES)), keep)
            given = v.spread(v.load(a["row_scales"], F32))
            b.store(b.bitcast(v.get(largest), VF32) if shape.measured else given, scale)
        with dark:
            _fill(v, shape, a, v.i64(0), v.get(scale))
    _fill(v, shape, a, a["k"], v.get(scale))
    return v.get(scale)


def dark_number(v: Lanes, shape: OnceShape, scale: Value) -> Value:
    """What has the code zero."""
    return v.b.fneg(scale) if shape.offset else v.f32(0.0)


def _fill(v: Lanes, shape: OnceShape, a: Mapping[str, Value], first: Value, scale: Value) -> None:
    """Dark numbers at all positions from `first` on."""
    b, nothing = v.b, dark_number(v, shape, scale)
    end = b.and_(b.add(a["width"], v.i64(positions(shape) - 1)), v.i64(-positions(shape)))
    v.loop(b.sub(end, first), lambda i: b.store(nothing, numbers_at(v, a, b.add(first, i)), align=64))


def positions(shape: OnceShape) -> int:
    """Of a row whose codes are a vector."""
    return LANES * shape.element.per_word


def emit_light(v: Lanes, shape: OnceShape, a: Mapping[str, Value], light: Value, encoder: Encoder | None) -> None:
    """Write the codes of sixteen rows [16, width] to `light`; by the encoder, or as `emit_features` kept them."""
    b, together = v.b, shape.element.per_word

    def kept(position: Value) -> Value:
        values = v.load(numbers_at(v, a, position), VF32, 64)
        return values if encoder is None else encoder.kept(values)[1]

    def word(number: Value) -> Value:
        if encoder is None and shape.paired:
            return v.load(numbers_at(v, a, number), VI32, 64)
        first = b.mul(number, v.i64(together))
        return packed(v, shape, [kept(b.add(first, v.i64(i))) for i in range(together)])

    def vectors(first: Value) -> None:
        number = b.sdiv(first, v.i64(together))
        left = b.sub(b.sdiv(a["width"], v.i64(together)), number)
        for row, codes in enumerate(v.transposed([word(b.add(number, v.i64(i))) for i in range(LANES)])):
            address = v.at(light, b.add(b.mul(a["width"], v.i64(row)), first), element_type(shape))
            if shape.element is Element.INT8:  # the last of a row may be half a vector
                mask = v.below(v.i64(0), left)
                v.call("llvm.masked.store.v16i32.p0", ir.VoidType(), codes, address, I32(4), mask)
            else:
                b.store(codes, address, align=4)

    v.loop(a["width"], vectors, positions(shape))


def packed(v: Lanes, shape: OnceShape, kept: Sequence[Value]) -> Value:
    """Codes that lie beside each other, in one word."""
    b = v.b
    bits = [b.bitcast(one, VI32) for one in kept]
    if shape.element is Element.FLOAT:
        return bits[0]
    if shape.element is Element.INT16:
        return b.or_(b.and_(bits[0], v.u32(0xFFFF)), b.shl(bits[1], v.u32(16)))
    word, constant = bits[-1], ROUNDER_BITS - shape.bias
    for one in reversed(bits[:-1]):
        word = b.add(b.shl(word, v.u32(8)), one)
    return b.sub(word, v.u32(sum(constant << 8 * place for place in range(4))))


def element_type(shape: OnceShape) -> Any:
    """Type of a stored code."""
    return {Element.INT8: I8, Element.INT16: I16, Element.FLOAT: F32}[shape.element]
