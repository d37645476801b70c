"""The arithmetic of one slice, in registers: what `heliograph.runtime.engines.detect` does to arrays.

sum    = x . w                                          one detection of 16 outputs, in integers or float32
total  = |x| . |w|        squares = x^2 . w^2           where the variance asks for them
code   = round(clip(sum + sqrt(c0 + c1 total + c2 total^2 + c3 squares) * z))       in steps of the ADC
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, VI16, VI32, Isa, Lanes, Value
from heliograph.runtime.engines.fused.random import emit_normal
from heliograph.runtime.engines.fused.shape import Shape

_SILENCE = 1e-30
ROUNDER = 1.5 * 2**23  # added to a number below 2**22, leaves its nearest integer in the low bits of the float32
ROUNDER_BITS = 0x4B400000
_UNROLLED = 16  # multiplications in a row without a loop


@dataclass(frozen=True)
class Operand:
    """Where an operand lies, in units of 32 bits: two ports of int16, or one of float32."""

    address: Value
    plane: Value  # units from the operand to its squares
    stride: int  # numbers from one unit to the next: LANES where each lane has its own
    signed: bool

    def column(self, v: Lanes, number: Value) -> Operand:
        """One lane of what lies in the lanes, to be spread over them."""
        return replace(self, address=v.at(self.address, number, I32))

    def of_slice(self, v: Lanes, shape: Shape, number: Value) -> Operand:
        """The part that meets in one slice."""
        return replace(self, address=v.at(self.address, v.b.mul(number, v.i64(shape.slice_units * self.stride)), I32))

    def squares(self, v: Lanes) -> Operand:
        """The same, squared."""
        return replace(self, address=v.at(self.address, self.plane, I32), signed=False)

    def lanes(self, v: Lanes, shape: Shape, unit: Value) -> Value:
        """A unit in each lane."""
        kind = VI16 if shape.integers else VF32
        return v.load(v.at(self.address, unit, kind), kind)

    def spread(self, v: Lanes, shape: Shape, unit: Value) -> Value:
        """A unit, the same in all lanes."""
        kind = I32 if shape.integers else F32
        one = v.spread(v.load(v.at(self.address, v.b.mul(unit, v.i64(self.stride)), kind), kind))
        return v.b.bitcast(one, VI16) if shape.integers else one


def emit_codes(
    v: Lanes,
    shape: Shape,
    across: Operand,
    along: Sequence[Operand],
    p: Mapping[str, Value],
    states: Sequence[list[Value]],
) -> list[Value]:
    """ADC codes of one slice plus `ROUNDER_BITS`, as integers, for each operand of `along`.

    `across`: what lies in the lanes, shared by all; `along`: what is spread over them.
    """
    low, high = (v.b.bitcast(v.b.fadd(p[end], v.f32(ROUNDER)), VI32) for end in ("low", "high"))
    codes = []
    moments = emit_moments(v, shape, across, along, p)
    for (read, variance), state in zip(moments, states, strict=True):
        if shape.drawn:
            read = v.fma(v.sqrt(variance), emit_normal(v, state), read)
        steps = v.fma(read, p["to_steps"], v.f32(ROUNDER))
        codes.append(v.clip(v.b.bitcast(steps, VI32), low, high))  # rises with `read` even where that is beyond 2**22
    return codes


def emit_moments(
    v: Lanes, shape: Shape, across: Operand, along: Sequence[Operand], p: Mapping[str, Value]
) -> list[tuple[Value, Value]]:
    """What reaches the ADC in one slice, in units of the dot product: mean and variance."""
    moments = []
    for dot, total, squares in _dots(v, shape, across, along):
        variance = p["c0"]
        if shape.total:
            variance = v.fma(v.fma(total, p["c2"], p["c1"]), total, variance)
        if shape.sumsq:
            variance = v.fma(squares, p["c3"], variance)
            variance = v.positive(variance, _SILENCE)  # c3 may be negative: then rounding may leave less than 0
        moments.append((dot, variance))
    return moments


def _dots(v: Lanes, shape: Shape, across: Operand, along: Sequence[Operand]) -> list[tuple[Value, Value, Value]]:
    """Sum, total and squares for each of `along`, as float32."""
    kind, number = (VI32, 0) if shape.integers else (VF32, 0.0)
    zero = ir.Constant(kind, [number] * LANES)
    sums, totals, squares = ([v.variable(kind, zero) for _ in along] for _ in range(3))

    def add(slot: Value, x: Value, w: Value) -> None:
        v.b.store(_multiply_add(v, shape, v.get(slot), x, w), slot)

    def unit(index: Value) -> None:
        x = across.lanes(v, shape, index)
        x_size = _size(v, shape, across, x) if shape.own_total else None
        for number, operand in enumerate(along):
            w = operand.spread(v, shape, index)
            add(sums[number], x, w)
            if shape.own_total:
                add(totals[number], x_size, _size(v, shape, operand, w))
        if shape.sumsq:
            x = across.squares(v).lanes(v, shape, index)
            for number, operand in enumerate(along):
                add(squares[number], x, operand.squares(v).spread(v, shape, index))

    _repeat(v, shape.slice_units, unit)

    def result(slot: Value) -> Value:
        return v.b.sitofp(v.get(slot), VF32) if shape.integers else v.get(slot)

    found = []
    for number in range(len(along)):
        dot = result(sums[number])
        total = result(totals[number]) if shape.own_total else dot
        found.append((dot, total, result(squares[number])))
    return found


def _repeat(v: Lanes, count: int, body: object) -> None:
    assert callable(body)
    if count <= _UNROLLED:
        for index in range(count):
            body(v.i64(index))
        return
    group = _UNROLLED // 2
    whole = count // group * group

    def several(first: Value) -> None:
        for index in range(group):
            body(v.b.add(first, v.i64(index)))

    v.loop(v.i64(whole), several, group)
    for index in range(whole, count):
        body(v.i64(index))


def _size(v: Lanes, shape: Shape, operand: Operand, x: Value) -> Value:
    if not operand.signed:
        return x
    if shape.integers:
        return v.call("llvm.abs.v32i16", VI16, x, ir.Constant(ir.IntType(1), 1))
    return v.call("llvm.fabs.v16f32", VF32, x)


def _multiply_add(v: Lanes, shape: Shape, total: Value, x: Value, w: Value) -> Value:
    if not shape.integers:
        return v.fma(x, w, total)
    assert shape.isa is Isa.VNNI
    return v.call("llvm.x86.avx512.vpdpwssd.512", VI32, total, x, w)
