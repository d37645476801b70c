"""The arithmetic of one slice, in registers: what `heliograph.runtime.engines.detect` does to arrays.

sum    = x . w                                          one detection of 16 outputs, in integers or float32
total  = |x| . |w|        squares = x^2 . w^2           where the variance asks for them
code   = round(clip(sum + sqrt(c0 + c1 total + c2 total^2 + c3 squares) * z))       in steps of the ADC
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import (
    F32,
    I32,
    LANES,
    ROUNDER,
    VF32,
    VI8,
    VI16,
    VI32,
    Isa,
    Lanes,
    Value,
)
from heliograph.runtime.engines.fused.random import emit_normal
from heliograph.runtime.engines.fused.shape import Shape

_SILENCE = 1e-30
SQUARES_ZERO = 2.0**23  # begun with the bits of this, an integer sum of less is the float32 of both together
SQUARES_ZERO_BITS = 0x4B000000
_LOADED = 4  # units whose loads LLVM may bring forward
_UNROLLED = 16  # multiplications in a row without a loop


@dataclass(frozen=True)
class Operand:
    """Where an operand lies, in units of 32 bits, 16 of which lie beside each other: see `layout`."""

    values: Value
    sizes: Value  # its magnitudes, if they are bytes
    squares: Value
    signed: bool
    size_bias: Value | None = None
    square_bias: Value | None = None

    def column(self, v: Lanes, number: Value) -> Operand:
        """One lane of what lies in the lanes, to be spread over them."""
        return self._moved(v, *[number] * 4)

    def of_slice(self, v: Lanes, shape: Shape, number: Value) -> Operand:
        """The part that meets in one slice."""
        whole = v.b.mul(number, v.i64(shape.slice_units * LANES))
        half = v.b.mul(number, v.i64(shape.slice_units * LANES // 2))
        squares = half if shape.byte_squares else whole
        return self._moved(v, whole, half, squares, v.b.mul(number, v.i64(LANES)))

    def _moved(self, v: Lanes, values: Value, sizes: Value, squares: Value, biases: Value) -> Operand:
        return replace(
            self,
            values=v.at(self.values, values, I32),
            sizes=v.at(self.sizes, sizes, I32),
            squares=v.at(self.squares, squares, I32),
            size_bias=self.size_bias and v.at(self.size_bias, biases, I32),
            square_bias=self.square_bias and v.at(self.square_bias, biases, I32),
        )


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
        variance = v.fma(p["c3"], v.f32(-SQUARES_ZERO), p["c0"]) if shape.byte_squares else p["c0"]
        if shape.total:
            variance = v.fma(v.fma(total, p["c2"], p["c1"]), total, variance)
        if shape.sumsq:
            variance = v.fma(squares, p["c3"], variance)
            variance = v.positive(variance, _SILENCE)  # c3 may be negative: then rounding may leave less than 0
        moments.append((dot, variance))
    return moments


def _dots(v: Lanes, shape: Shape, across: Operand, along: Sequence[Operand]) -> list[tuple[Value, Value, Value]]:
    """Sum, total and squares for each of `along`, as float32; squares of bytes plus `SQUARES_ZERO`."""
    zero = ir.Constant(VI32, [0] * LANES) if shape.integers else v.f32(0.0)
    sums = [_Sum(v, shape, zero) for _ in along]
    totals = [_Sum(v, shape, _bias(v, across.size_bias, x.size_bias, zero)) for x in along]
    squares = [_Sum(v, shape, _bias(v, across.square_bias, x.square_bias, zero)) for x in along]

    def add_bytes(sums: Sequence[_Sum], plane: Callable[[Operand], Value], unit: Value) -> None:
        x = v.load(v.at(plane(across), unit, VI32), VI32)
        for one, operand in zip(sums, along, strict=True):
            w = v.spread(v.load(_place(v, plane(operand), unit), I32))
            one.add_bytes(*((w, x) if operand.size_bias or operand.square_bias else (x, w)))

    def word(unit: Value) -> None:
        x = _in_lanes(v, shape, across.values, unit)
        sized = shape.own_total and not shape.byte_sizes
        x_size = _size(v, shape, across, x) if sized else None
        for one, total, operand in zip(sums, totals, along, strict=True):
            w = _spread(v, shape, operand.values, unit)
            one.add(x, w)
            if sized:
                total.add(x_size, _size(v, shape, operand, w))
        if shape.sumsq and not shape.byte_squares:
            x = _in_lanes(v, shape, across.squares, unit)
            for square, operand in zip(squares, along, strict=True):
                square.add(x, _spread(v, shape, operand.squares, unit))

    def bytes_(unit: Value) -> None:
        if shape.byte_sizes:
            add_bytes(totals, lambda operand: operand.sizes, unit)
        if shape.byte_squares:
            add_bytes(squares, lambda operand: operand.squares, unit)

    _repeat(v, shape.slice_units, word)
    if shape.biases:
        _repeat(v, shape.slice_units // 2, bytes_)
    found = []
    for one, total, square in zip(sums, totals, squares, strict=True):
        dot = one.number()
        both = square.bits() if shape.byte_squares else square.number()
        found.append((dot, total.number() if shape.own_total else dot, both))
    return found


class _Sum:
    """A sum of products, in a register."""

    def __init__(self, v: Lanes, shape: Shape, first: Value) -> None:
        self._v, self._shape = v, shape
        self._slot = v.variable(first.type, first)

    def add(self, x: Value, w: Value) -> None:
        """Add the products of a unit."""
        self._v.b.store(_multiply_add(self._v, self._shape, self._v.get(self._slot), x, w), self._slot)

    def add_bytes(self, unsigned: Value, signed: Value) -> None:
        """Add the products of a unit of bytes."""
        self._v.b.store(_multiply_bytes(self._v, self._v.get(self._slot), unsigned, signed), self._slot)

    def number(self) -> Value:
        """As float32."""
        total = self._v.get(self._slot)
        return self._v.b.sitofp(total, VF32) if self._shape.integers else total

    def bits(self) -> Value:
        """The bits of the integer as a float32."""
        return self._v.b.bitcast(self._v.get(self._slot), VF32)


def _bias(v: Lanes, in_lanes: Value | None, spread: Value | None, otherwise: Value) -> Value:
    """What sums of products of bytes begin with: see `layout`."""
    if in_lanes is not None:
        return v.load(in_lanes, VI32)
    return otherwise if spread is None else v.spread(v.load(spread, I32))


def _in_lanes(v: Lanes, shape: Shape, address: Value, unit: Value) -> Value:
    """A unit in each lane."""
    kind = VI16 if shape.integers else VF32
    return v.load(v.at(address, unit, kind), kind)


def _spread(v: Lanes, shape: Shape, address: Value, unit: Value) -> Value:
    """A unit, the same in all lanes."""
    one = v.spread(v.load(_place(v, address, unit), I32 if shape.integers else F32))
    return v.b.bitcast(one, VI16) if shape.integers else one


def _place(v: Lanes, address: Value, unit: Value) -> Value:
    return v.at(address, v.b.mul(unit, v.i64(LANES)), I32)


def _repeat(v: Lanes, count: int, body: Callable[[Value], None]) -> None:
    """``body(i)`` for ``i < count``, in loops where those are many.

    Loads stay within a few units: LLVM would have all of them at once, and more registers than there are.
    """
    group = count if count <= _UNROLLED else _UNROLLED // 2
    whole = count // group * group

    def several(first: Value, length: int) -> None:
        for index in range(length):
            if index and index % _LOADED == 0:
                v.b.fence("acq_rel", targetscope="singlethread")  # not an instruction, only an order
            body(v.b.add(first, v.i64(index)))

    if whole == group:
        several(v.i64(0), group)
    else:
        v.loop(v.i64(whole), lambda first: several(first, group), group)
    several(v.i64(whole), count - whole)


def _size(v: Lanes, shape: Shape, operand: Operand, x: Value) -> Value:
    if not operand.signed:
        return x
    if shape.integers:
        return v.call("llvm.abs.v32i16", VI16, x, ir.Constant(ir.IntType(1), 1))
    return v.call("llvm.fabs.v16f32", VF32, x)


def _multiply_add(v: Lanes, shape: Shape, total: Value, x: Value, w: Value) -> Value:
    if not shape.integers:
        return v.fma(x, w, total)
    if shape.isa is Isa.VNNI:
        return v.call("llvm.x86.avx512.vpdpwssd.512", VI32, total, x, w)
    return v.b.add(total, v.pair_products(x, w))


def _multiply_bytes(v: Lanes, total: Value, unsigned: Value, signed: Value) -> Value:
    pair = (v.b.bitcast(x, VI8) for x in (unsigned, signed))
    return v.call("llvm.x86.avx512.vpdpbusd.512", VI32, total, *pair)
