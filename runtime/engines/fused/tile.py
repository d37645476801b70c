"""Results side by side in 16 lanes, a few such sets at once: what `wide` and `narrow` do alike.

The lanes hold either 16 columns of a row (`wide`: rows share each load of weights) or 16 rows of a column (`narrow`).
Both do the same operations in the same order, so which of them computes a result cannot be seen in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from heliograph.runtime.engines.fused.lanes import F32, I32, ROUNDER_BITS, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.random import emit_normal
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import Operand, emit_codes, emit_moments

_STEP_VARIANCE = 1 / 12  # of an even error within one step of the ADC
STATE = ("state0", "state1", "state2", "state3")  # of the normal numbers
KINDS = dict.fromkeys((*STATE, "codes"), VI32) | dict.fromkeys(("total", "variance"), VF32)

Sums = Mapping[str, Value]  # variables of 16 results, by their names in `KINDS`


def used_by_slices(shape: Shape) -> tuple[str, ...]:
    """Names of what changes from slice to slice: codes are added up as integers, moments as they are."""
    return ("total", "variance") if shape.once else (*STATE * shape.drawn, "codes")


def emit_parts(v: Lanes, a: Mapping[str, Value], body: Callable[[Value, Value, Value], None]) -> None:
    """``body(pass, part, sign)`` for all passes of light and parts of weights."""
    b = v.b

    def both(pass_: Value, part: Value) -> None:
        minus = b.icmp_signed("==", b.add(pass_, part), v.i64(1))
        body(pass_, part, b.select(minus, v.f32(-1.0), v.f32(1.0)))

    v.loop(a["lhs_passes"], lambda pass_: v.loop(a["rhs_parts"], lambda part: both(pass_, part)))


def emit_slices(
    v: Lanes,
    shape: Shape,
    p: Mapping[str, Value],
    operands: tuple[Operand, Sequence[Operand]],
    sums: Sequence[Sums],
    sign: Value,
    span: tuple[Value, Value],
) -> None:
    """Add up slices. `operands`: what lies in the lanes, and what is spread over them for each of `sums`.

    `span`: the first slice, and how many.
    """
    b = v.b

    def one_slice(number: Value) -> None:
        s = b.add(span[0], number)
        across, along = operands[0].of_slice(v, shape, s), [x.of_slice(v, shape, s) for x in operands[1]]
        if shape.once:
            for one, (mean, more) in zip(sums, emit_moments(v, shape, across, along, p), strict=True):
                b.store(v.fma(sign, mean, v.get(one["total"])), one["total"])
                b.store(b.fadd(v.get(one["variance"]), more), one["variance"])
            return
        states = [[one[name] for name in STATE] if shape.drawn else [] for one in sums]
        for one, code in zip(sums, emit_codes(v, shape, across, along, p, states), strict=True):
            b.store(b.add(v.get(one["codes"]), code), one["codes"])

    v.loop(span[1], one_slice)


def end_part(v: Lanes, shape: Shape, a: Mapping[str, Value], one: Sums, sign: Value) -> None:
    """Take the codes of a part into the total."""
    b = v.b
    if shape.once:
        return
    rounders = v.spread(b.trunc(b.mul(a["slices"], v.i64(ROUNDER_BITS)), I32))  # sums of codes may wrap around
    b.store(v.fma(sign, b.sitofp(b.sub(v.get(one["codes"]), rounders), VF32), v.get(one["total"])), one["total"])
    b.store(v.u32(0), one["codes"])


def emit_result(
    v: Lanes,
    shape: Shape,
    a: Mapping[str, Value],
    p: Mapping[str, Value],
    one: Sums,
    column: tuple[Value, Value, Value],
) -> Value:
    """Results, decoded. `column`: sums of the light's codes, offsets of the columns, and products of both scales."""
    b = v.b
    total = v.get(one["total"])
    if shape.once:
        count = b.mul(b.mul(a["slices"], a["lhs_passes"]), a["rhs_parts"])
        rounding = b.fmul(v.spread(b.sitofp(count, F32)), v.f32(_STEP_VARIANCE))
        sigma = v.sqrt(v.fma(v.get(one["variance"]), b.fmul(p["to_steps"], p["to_steps"]), rounding))
        total = v.fma(sigma, emit_normal(v, [one[name] for name in STATE]), b.fmul(total, p["to_steps"]))
    codes, offset, scale = column
    return b.fmul(v.fma(total, p["gain"], v.fma(codes, p["code_gain"], offset)), scale)
