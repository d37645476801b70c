"""A list of contractions by our own accounting, for comparison: schedule of one program after the other, all paid."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from heliograph.backends import Activity, Boundary, GemmActivity, Target, family_of, price
from heliograph.backends.conventions.gemms import Gemm


def ours(gemms: Iterable[Gemm], target: Target) -> tuple[float, float]:
    """mJ at the converter boundary and ms. Contractions that light may not take are left out.

    Weights are held and tokens streamed; attention streams its rows. Signed inputs take the passes of the target's
    sign scheme. All processors are powered all the time.
    """
    family, total, time_ps = family_of(target), Activity(), 0
    tile, precision = family.tile(target), family.precision(target)
    assert precision is not None
    for gemm in gemms:
        if gemm.kind != "linear" and target.family == "mzi_mesh":
            continue
        rows, outs = (gemm.n, gemm.m) if gemm.kind == "linear" else (gemm.m, gemm.n)
        passes = precision.passes(input_signed=gemm.kind != "values", weight_signed=True) * precision.repeats
        across, along = -(-outs // tile.n), -(-gemm.k // tile.k)
        steps = -(-rows // tile.vectors) * passes
        rounds = -(-gemm.copies * across * along // target.opu.count)
        step_ps = Fraction(1000) / Fraction(repr(target.opu.symbol_rate_gbd))
        spent = round(rounds * (family.hold_ps(target) + steps * step_ps)) + family.fill_ps(target)
        task = GemmActivity(
            input_symbols=gemm.copies * rows * gemm.k * across * passes,
            output_samples=gemm.copies * rows * outs * along * passes,
            weight_writes=gemm.copies * gemm.k * outs,
            macs=gemm.macs,
            powered_ps=spent * target.opu.count,
            rails=precision.rails,
        )
        total += family.activity(target, task) * gemm.repeats
        time_ps += spent * gemm.repeats
    return price(target, total).total_j(Boundary.CONVERTER) * 1e3, time_ps * 1e-9
