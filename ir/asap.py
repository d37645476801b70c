"""When a block ends whose ops start as early as operands and resources allow, for known durations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from heliograph.ir.core import Op, Value
from heliograph.ir.dialects import CONTROL


@dataclass(frozen=True, slots=True)
class Use:
    """What an op occupies: a resource (None: nothing, in no time), for how long, and how much later results arrive."""

    resource: str | None
    duration_ps: int = 0
    delay_ps: int = 0


def earliest_end(ops: Sequence[Op], use: Callable[[Op], Use], trips: Callable[[Op], int]) -> int:
    """Time in ps until the last op, its delay included, has ended; ops keep their order on each resource.

    Control flow starts when all before it is done, runs its longest body `trips` times, and nothing starts before it
    ends: its bodies may use every resource.
    """
    ready: dict[Value, int] = defaultdict(int)
    free: dict[str, int] = defaultdict(int)
    floor = latest = 0
    for op in ops:
        if op.name in CONTROL:
            once = max(earliest_end(region.block.ops, use, trips) for region in op.regions)
            floor = latest = latest + once * trips(op)
            arrival = latest
        else:
            made = use(op)
            arrival = max((ready[v] for v in op.operands), default=0)
            if made.resource is not None:
                end = max(arrival, free[made.resource], floor) + made.duration_ps
                free[made.resource] = end
                arrival = end + made.delay_ps
                latest = max(latest, arrival)
        for value in op.results:
            ready[value] = arrival
    return latest
