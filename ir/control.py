"""What of a scheduled block runs, how often, and when first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from heliograph.ir.core import Op, SymExpr, sym
from heliograph.ir.dialects import CONTROL, Slot

Number = Callable[[SymExpr], int]


@dataclass(frozen=True, slots=True)
class Running:
    """An op that runs `times` times; slots of its block count from `base_ps` in the first run."""

    op: Op
    times: int
    base_ps: int


def executed(ops: Sequence[Op], number: Number, times: int = 1, base_ps: int = 0) -> Iterator[Running]:
    """Every op that runs, bodies of control flow included; control ops themselves are left out.

    `number` gives sizes their values. Of an If the branch that takes longer counts, since only the run can tell.
    """
    for op in ops:
        if op.name not in CONTROL:
            yield Running(op, times, base_ps)
            continue
        trips, slot = op.attributes.get("trips", 1), op.attributes.get("slot")
        assert isinstance(trips, int | SymExpr)
        start = base_ps + (number(sym(slot.at_ps)) if isinstance(slot, Slot) else 0)
        region = op.regions[longest_body(op, number)]
        yield from executed(region.block.ops, number, times * number(sym(trips)), start)


def longest_body(op: Op, number: Number) -> int:
    """Which body of a control op takes longest; the first when they are not timed."""
    times = op.attributes.get("body_ps", ())
    assert isinstance(times, tuple)
    lengths = [number(sym(t)) for t in times if isinstance(t, int | SymExpr)]
    return lengths.index(max(lengths)) if lengths else 0
