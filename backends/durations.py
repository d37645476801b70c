"""How long things take, as expressions in the model's sizes (picoseconds)."""

from __future__ import annotations

import math
from fractions import Fraction

from heliograph.backends.cost.electronics import electronic_rates_ps
from heliograph.backends.families.registry import family_of
from heliograph.backends.target import Target
from heliograph.ir.core import SymExpr, sym
from heliograph.ir.dialects import LoopTiming, Work
from heliograph.ir.kernel import KernelSpec


def electronic_ps(target: Target, work: Work) -> SymExpr:
    """Time of a piece of electronic work; 0 for none. Agrees with `Family.electronic_ps` for every size."""
    parts = {kind: sym(getattr(work, kind)) for kind in ("macs", "elementwise", "reduce", "transcendental")}
    moved = sym(work.moved_bytes)
    if all(p == sym(0) for p in (*parts.values(), moved)):
        return sym(0)
    rates = electronic_rates_ps(target)
    scale = math.lcm(*(f.denominator for f in rates.values()))

    def scaled(count: SymExpr, kind: str) -> SymExpr:
        return count * int(rates[kind] * scale)

    computing = sym(0)
    for kind, count in parts.items():
        computing = computing + scaled(count, kind)
    longer = computing.max(scaled(moved, "moved_bytes"))
    return (longer + int(rates["launches"] * scale)).ceildiv(scale)


def transmission_ps(target: Target, bits: SymExpr) -> SymExpr:
    """Time to push bits through one transceiver, fibre delay not included."""
    per_bit = Fraction(1000) / Fraction(str(target.network.rate_gbps))
    return (bits * per_bit.numerator).ceildiv(per_bit.denominator)


def kernel_timing(target: Target, spec: KernelSpec, lanes: int) -> tuple[LoopTiming, LoopTiming]:
    """Timing of a kernel's weight-tile loop and of the stream inside it, in the kernel's symbols b and m.

    With two or more banks per processor the next tile is written while the present one is in use: the initiation
    interval is the longer of writing and streaming. With one bank it is their sum.
    """
    family = family_of(target)
    hold, fill = family.hold_ps(target), family.fill_ps(target)
    period = Fraction(1000) / Fraction(str(target.opu.symbol_rate_gbd))
    stream = LoopTiming(
        at_ps=hold, trips=_plain(spec.symbols_per_load), ii_ps=period.numerator, per=period.denominator, drain_ps=fill
    )
    streaming = (spec.symbols_per_load * period.numerator).ceildiv(period.denominator)
    if target.opu.weight_banks >= 2:
        interval, rest = streaming.max(hold), streaming.min(hold)
    else:
        interval, rest = streaming + hold, sym(0)
    nest = LoopTiming(
        at_ps=0,
        trips=_plain(sym("b") * spec.weight_loads),
        ii_ps=_plain(interval),
        drain_ps=_plain(rest + fill),
        lanes=lanes,
    )
    return nest, stream


def _plain(expr: SymExpr) -> SymExpr | int:
    return int(expr) if expr.is_constant else expr
