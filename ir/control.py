"""How often the ops of a scheduled block run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from heliograph.ir.core import Op, SymExpr, sym
from heliograph.ir.dialects import CONTROL

Number = Callable[[SymExpr], int]


def executed(ops: list[Op], number: Number, times: int = 1) -> Iterator[tuple[Op, int]]:
    """Every op that runs with how often it does, bodies of control flow included; control ops themselves are left out.

    `number` gives sizes their values. Of an If the branch that takes longer counts, since only the run can tell.
    """
    for op in ops:
        if op.name not in CONTROL:
            yield op, times
            continue
        trips = op.attributes.get("trips", 1)
        assert isinstance(trips, int | SymExpr)
        region = op.regions[longest_body(op, number)]
        yield from executed(region.block.ops, number, times * number(sym(trips)))


def longest_body(op: Op, number: Number) -> int:
    """Which body of a control op takes longest; the first when they are not timed."""
    times = op.attributes.get("body_ps", ())
    assert isinstance(times, tuple)
    lengths = [number(sym(t)) for t in times if isinstance(t, int | SymExpr)]
    return lengths.index(max(lengths)) if lengths else 0
