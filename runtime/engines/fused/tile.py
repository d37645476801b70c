"""One tile of results: all passes and slices of 16 results side by side in the lanes, a few such sets at once.

The lanes hold either 16 columns of a row (`wide`: rows share each load of weights) or 16 rows of a column (`narrow`).
Both do the same operations in the same order, so which of them computes a result cannot be seen in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from heliograph.runtime.engines.fused.lanes import VF32, Lanes, Value
from heliograph.runtime.engines.fused.random import emit_normal
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import Operand, emit_codes, emit_moments

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
    """Sums of codes in steps of the ADC, for each operand that is spread over the lanes.

    `states`: of the normal numbers, one per result; empty lists where nothing is drawn.
    """
    b = v.b
    totals = [v.variable(VF32, v.f32(0.0)) for _ in states]
    spreads = [v.variable(VF32, v.f32(0.0)) for _ in states]

    def both(pass_: Value, part: Value) -> None:
        lanes, spread = operands(pass_, part)
        minus = b.icmp_signed("==", b.add(pass_, part), v.i64(1))
        sign = b.select(minus, v.f32(-1.0), v.f32(1.0))

        def one_slice(s: Value) -> None:
            across, along = lanes.of_slice(v, shape, s), [x.of_slice(v, shape, s) for x in spread]
            if shape.once:
                moments = emit_moments(v, shape, across, along, p)
                codes = [mean for mean, _ in moments]
                for variance, (_, more) in zip(spreads, moments, strict=True):
                    b.store(b.fadd(v.get(variance), b.fadd(more, v.f32(_STEP_VARIANCE))), variance)
            else:
                codes = emit_codes(v, shape, across, along, p, states)
            for total, code in zip(totals, codes, strict=True):
                b.store(v.fma(sign, code, v.get(total)), total)

        v.loop(a["slices"], one_slice)

    v.loop(a["lhs_passes"], lambda pass_: v.loop(a["rhs_parts"], lambda part: both(pass_, part)))
    if not shape.once:
        return [v.get(total) for total in totals]
    drawn = zip(totals, spreads, states, strict=True)
    return [v.fma(v.sqrt(v.get(variance)), emit_normal(v, state), v.get(total)) for total, variance, state in drawn]


def decoded(v: Lanes, p: Mapping[str, Value], total: Value, codes: Value, offset: Value, scale: Value) -> Value:
    """Results of sums of codes. `codes`: sums of the light's codes; `offset` and `scale` of the results' columns."""
    return v.b.fmul(v.fma(total, p["gain"], v.fma(codes, p["code_gain"], offset)), scale)
