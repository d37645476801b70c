"""The arithmetic of one slice, in registers: what `heliograph.runtime.engines.detect` does to arrays.

sum    = x . w                                          one detection of 16 outputs, in integers or float32
total  = |x| . |w|        squares = x^2 . w^2           where the variance asks for them
code   = round(clip(sum + sqrt(c0 + c1 total + c2 total^2 + c3 squares) * z))       in steps of the ADC
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, VF32, VI16, VI32, Isa, Lanes, Value
from heliograph.runtime.engines.fused.random import emit_normal
from heliograph.runtime.engines.fused.shape import Shape

_SILENCE = 1e-30
_UNROLLED = 16  # multiplications in a row without a loop


def emit_codes(
    v: Lanes,
    shape: Shape,
    light: Sequence[Value],
    weights: Value,
    sizes: tuple[Value, Value],
    p: Mapping[str, Value],
    states: Sequence[list[Value]],
) -> list[Value]:
    """ADC codes of one slice, in steps, per row of `light`.

    `light`: per row, the address of the slice's light; `weights`: of its weights; `sizes`: how many elements further
    the squares of each lie.
    """
    codes = []
    moments = emit_moments(v, shape, light, weights, sizes, p)
    for (steps, variance), state in zip(moments, states, strict=True):
        if shape.drawn:
            steps = v.fma(v.sqrt(variance), emit_normal(v, state), steps)
        codes.append(v.round(v.least(v.most(steps, p["low"]), p["high"])))
    return codes


def emit_moments(
    v: Lanes,
    shape: Shape,
    light: Sequence[Value],
    weights: Value,
    sizes: tuple[Value, Value],
    p: Mapping[str, Value],
) -> list[tuple[Value, Value]]:
    """What reaches the ADC in one slice, in steps, per row of `light`: mean and variance."""
    moments = []
    for dot, total, squares in _dots(v, shape, light, weights, sizes):
        variance = p["c0"]
        if shape.total:
            variance = v.fma(v.fma(total, p["c2"], p["c1"]), total, variance)
        if shape.sumsq:
            variance = v.fma(squares, p["c3"], variance)
            variance = v.most(variance, v.f32(_SILENCE))  # c3 may be negative: then rounding may leave less than 0
        moments.append((v.b.fmul(dot, p["to_steps"]), variance))
    return moments


def _dots(
    v: Lanes, shape: Shape, light: Sequence[Value], weights: Value, sizes: tuple[Value, Value]
) -> list[tuple[Value, Value, Value]]:
    """Sum, total and squares per row, as float32."""
    kind, number = (VI32, 0) if shape.integers else (VF32, 0.0)
    zero = ir.Constant(kind, [number] * 16)
    sums, totals, squares = ([v.variable(kind, zero) for _ in light] for _ in range(3))

    def add(slot: Value, x: Value, w: Value) -> None:
        v.b.store(_multiply_add(v, shape, v.get(slot), x, w), slot)

    def port(index: Value) -> None:
        """One port, or two of int16."""
        w = _weights(v, shape, weights, index)
        w_abs = _absolute(v, shape, w) if shape.own_total else None
        for row, address in enumerate(light):
            x = _light(v, shape, address, index)
            add(sums[row], x, w)
            if shape.own_total:
                add(totals[row], _absolute(v, shape, x) if shape.signed_light else x, w_abs)
        if shape.sumsq:
            w = _weights(v, shape, v.at(weights, sizes[1], _element(shape)), index)
            for row, address in enumerate(light):
                add(squares[row], _light(v, shape, v.at(address, sizes[0], _element(shape)), index), w)

    count = shape.ports // 2 if shape.integers else shape.ports
    _repeat(v, count, port)

    def result(slot: Value) -> Value:
        return v.b.sitofp(v.get(slot), VF32) if shape.integers else v.get(slot)

    found = []
    for row in range(len(light)):
        dot = result(sums[row])
        found.append((dot, result(totals[row]) if shape.own_total else dot, result(squares[row])))
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


def _element(shape: Shape) -> Value:
    return ir.IntType(16) if shape.integers else F32


def _weights(v: Lanes, shape: Shape, address: Value, index: Value) -> Value:
    kind = VI16 if shape.integers else VF32
    return v.load(v.at(address, index, kind), kind)


def _light(v: Lanes, shape: Shape, address: Value, index: Value) -> Value:
    if not shape.integers:
        return v.spread(v.load(v.at(address, index, F32), F32))
    return v.b.bitcast(v.spread(v.load(v.at(address, index, I32), I32)), VI16)


def _absolute(v: Lanes, shape: Shape, x: Value) -> Value:
    if shape.integers:
        return v.call("llvm.abs.v32i16", VI16, x, ir.Constant(ir.IntType(1), 1))
    return v.call("llvm.fabs.v16f32", VF32, x)


def _multiply_add(v: Lanes, shape: Shape, total: Value, x: Value, w: Value) -> Value:
    if not shape.integers:
        return v.fma(x, w, total)
    assert shape.isa is Isa.VNNI
    return v.call("llvm.x86.avx512.vpdpwssd.512", VI32, total, x, w)
