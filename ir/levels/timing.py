"""The invariants of the scheduled level: who must say when it runs, and on what."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from heliograph.ir.core import Op
from heliograph.ir.dialects import LoopTiming, Slot
from heliograph.ir.levels.fields import field_problems
from heliograph.ir.levels.rules import TIMED


def timing_problems(op: Op, place: str, resources: Collection[str]) -> Iterator[str]:
    """Complaints about slots and loop timings."""
    slot, timing = op.attributes.get("slot"), op.attributes.get("timing")
    if slot is None:
        if place in ("main", "control") and op.name in TIMED:
            yield "has no slot, so it would run at no time and for free"
    elif not isinstance(slot, Slot):
        yield "slot is not a #sched.slot<...>"
    elif not list(field_problems("slot", slot)) and slot.on.name not in resources:
        yield f"its slot is on @{slot.on.name}, which is no sched.resource of the module"
    if timing is None:
        if op.name == "tile.for":
            yield "has no timing"
    elif not isinstance(timing, LoopTiming):
        yield "timing is not a #sched.loop<...>"
