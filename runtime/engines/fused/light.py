"""Rows of the streamed operand as light: what `coding.encode` and `detect.slice_light` do to arrays, emitted.

A row is encoded once, as signed codes in scratch memory; its passes, its squares and what it leaves over for a later
row are made from those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heliograph.runtime.engines.fused.lanes import I32, I64, LANES, ROUNDER, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import Operand

MAGNITUDE = 0x7FFFFFFF  # of the bits of a float32, which compare as integers: infinity and NaN are the largest
_BYTE_ZERO = 128.0


@dataclass(frozen=True)
class Encoder:
    """Emits what one vector of numbers becomes."""

    v: Lanes
    shape: Shape
    p: Mapping[str, Value]

    def code(self, values: Value, scale: Value) -> Value:
        """Signed codes times levels."""
        v, b, p = self.v, self.v.b, self.p
        share = b.fmul(b.fadd(b.fdiv(values, scale), p["add"]), p["multiply"])
        code = b.fmul(v.least(v.most(share, p["least"]), v.f32(1.0)), p["levels"])
        return v.round(code) if self.shape.rounded_codes else code

    def numbers(self, own: Value, left: Value | None, pass_: int) -> list[Value]:
        """Light of one pass in its units; its magnitude and its square, where they are asked for. Bytes less 128."""
        v, b, p = self.v, self.v.b, self.p
        number = self._part(own, pass_)
        if left is not None:
            dark = v.fma(self._part(left, pass_), p["left_unit"], p["dark"])
            number = v.fma(number, p["own_unit"], dark)
        made = [number]
        if self.shape.byte_sizes:
            size = v.call("llvm.fabs.v16f32", VF32, number) if self.shape.signed_light else number
            made.append(v.fma(size, p["size_unit"], v.f32(-_BYTE_ZERO)))
        if self.shape.sumsq:
            less = _BYTE_ZERO if self.shape.byte_squares else 0.0
            made.append(v.fma(b.fmul(number, number), p["square_unit"], v.f32(-less)))
        return made

    def stored(self, operand: Operand) -> list[tuple[Value, bool]]:
        """Where each of `numbers` goes, and whether as bytes."""
        shape = self.shape
        places = [(operand.values, False), (operand.sizes, True), (operand.squares, shape.byte_squares)]
        return [place for place, halves in zip(places, shape.planes, strict=True) if halves]

    def bytes_(self, numbers: Sequence[Value]) -> Value:
        """A vector of units of four bytes."""
        b = self.v.b
        made = self.v.u32(0)
        for place, number in enumerate(numbers):
            byte = b.and_(self.integer(number), self.v.u32(0xFF))
            made = b.or_(made, b.shl(byte, self.v.u32(8 * place)))
        return made

    def unit(self, low: Value, high: Value | None = None) -> Value:
        """A vector of units: pairs of integers, or `low` as it is."""
        b = self.v.b
        if high is None:
            return b.bitcast(low, VI32)
        return b.or_(b.and_(self.integer(low), self.v.u32(0xFFFF)), b.shl(self.integer(high), self.v.u32(16)))

    def integer(self, number: Value) -> Value:
        """The nearest integer, half to even, in the low 16 bits."""
        return self.v.b.bitcast(self.v.b.fadd(number, self.v.f32(ROUNDER)), VI32)

    def _part(self, code: Value, pass_: int) -> Value:
        if self.shape.signed_light:
            return code
        return self.v.most(code if pass_ == 0 else self.v.b.fneg(code), self.v.f32(0.0))


@dataclass(frozen=True)
class Strip:
    """Rows of an entry that are lit at a time."""

    first: Value  # counted from the first row of the task
    rows: Value
    earlier: Value  # 1 where the rows before have to be encoded too: at the first strip of a task


def emit_largest(v: Lanes, values: Value, largest: Value) -> None:
    """Take magnitudes of values, as integers, into the variable `largest`."""
    b = v.b
    bits = b.and_(b.bitcast(values, VI32), v.u32(MAGNITUDE))
    so_far = v.get(largest)
    b.store(b.select(b.icmp_unsigned(">", bits, so_far), bits, so_far), largest)


def emit_scale(v: Lanes, a: Mapping[str, Value], p: Mapping[str, Value], largest: Value) -> tuple[Value, Value]:
    """Full scale of rows from their largest bits, and what to divide by: codes are zero where the scale is zero.

    Scales are taken into `extent`.
    """
    b = v.b
    ends = [v.at(a["extent"], v.i64(end * LANES), I32) for end in (0, 1)]
    lit = b.select(b.icmp_unsigned(">", largest, v.u32(0)), largest, v.u32(MAGNITUDE))
    for end, order, bits in zip(ends, "<>", (lit, largest), strict=True):
        so_far = v.load(end, VI32)
        b.store(b.select(b.icmp_unsigned(order, bits, so_far), bits, so_far), end, align=4)
    measured = b.icmp_signed("!=", a["measured"], v.i64(0))
    scale = b.select(measured, b.bitcast(largest, VF32), p["scale"])
    positive = b.fcmp_ordered(">", scale, v.f32(0.0))
    return scale, b.select(positive, scale, v.f32(float("inf")))


def runs_are_known(v: Lanes, a: Mapping[str, Value]) -> Value:
    """Whether rows consist of runs, see `windows.Runs`; else each lies in one piece."""
    return v.b.icmp_signed("!=", v.b.ptrtoint(a["run_counts"], I64), v.i64(0))
