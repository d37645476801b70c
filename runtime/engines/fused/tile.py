"""One tile of results: all passes and slices of 16 results side by side in the lanes, a few such sets at once.

The lanes hold either 16 columns of a row (`wide`: rows share each load of weights) or 16 rows of a column (`narrow`).
Both do the same operations in the same order, so which of them computes a result cannot be seen in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from heliograph.runtime.engines.fused.lanes import F32, I32, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.random import emit_normal
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import ROUNDER_BITS, Operand, emit_codes, emit_moments

_STEP_VARIANCE = 1 / 12  # of an even error within one step of the ADC

Operands = Callable[[Value, Value], tuple[Operand, Sequence[Operand]]]  # of a pass and a part: in lanes, and spread


def emit_tile(
    v: Lanes,
    shape: Shape,
    a: Mapping[str, Value],
    p: Mapping[str, Value],
    operands: Operands,
    states: Sequence[list[Value]],
) -> list[Value]:
    """Sums of codes, in steps of the ADC, for each operand that is spread over the lanes.

    `states`: of the normal numbers, one per result; empty lists where nothing is drawn.
    """
    b = v.b
    totals = [v.variable(VF32, v.f32(0.0)) for _ in states]
    spreads = [v.variable(VF32, v.f32(0.0)) for _ in states]
    codes = [v.variable(VI32, v.u32(0)) for _ in states]
    rounders = v.spread(b.trunc(b.mul(a["slices"], v.i64(ROUNDER_BITS)), I32))  # the sum of codes may wrap around

    def both(pass_: Value, part: Value) -> None:
        lanes, spread = operands(pass_, part)
        minus = b.icmp_signed("==", b.add(pass_, part), v.i64(1))
        sign = b.select(minus, v.f32(-1.0), v.f32(1.0))

        def one_slice(s: Value) -> None:
            across, along = lanes.of_slice(v, shape, s), [x.of_slice(v, shape, s) for x in spread]
            if not shape.once:
                for slot, code in zip(codes, emit_codes(v, shape, across, along, p, states), strict=True):
                    b.store(b.add(v.get(slot), code), slot)
                return
            for total, variance, (mean, more) in zip(
                totals, spreads, emit_moments(v, shape, across, along, p), strict=True
            ):
                b.store(v.fma(sign, mean, v.get(total)), total)
                b.store(b.fadd(v.get(variance), more), variance)

        v.loop(a["slices"], one_slice)
        if not shape.once:
            for total, slot in zip(totals, codes, strict=True):
                b.store(v.fma(sign, b.sitofp(b.sub(v.get(slot), rounders), VF32), v.get(total)), total)
                b.store(v.u32(0), slot)

    v.loop(a["lhs_passes"], lambda pass_: v.loop(a["rhs_parts"], lambda part: both(pass_, part)))
    if not shape.once:
        return [v.get(total) for total in totals]
    count = b.mul(b.mul(a["slices"], a["lhs_passes"]), a["rhs_parts"])
    rounding = b.fmul(v.spread(b.sitofp(count, F32)), v.f32(_STEP_VARIANCE))
    square = b.fmul(p["to_steps"], p["to_steps"])
    results = []
    for total, variance, state in zip(totals, spreads, states, strict=True):
        sigma = v.sqrt(v.fma(v.get(variance), square, rounding))
        results.append(v.fma(sigma, emit_normal(v, state), b.fmul(v.get(total), p["to_steps"])))
    return results


def decoded(v: Lanes, p: Mapping[str, Value], total: Value, codes: Value, offset: Value, scale: Value) -> Value:
    """Results of sums of codes. `codes`: sums of the light's codes; `offset` and `scale` of the results' columns."""
    return v.b.fmul(v.fma(total, p["gain"], v.fma(codes, p["code_gain"], offset)), scale)
