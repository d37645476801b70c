"""Time: resources, and when each op uses them. All times are integer picoseconds.

A scheduled program is the tiled program with a `slot` on every op that takes time and `timing` on every loop, so
the ops that compute the result are the ops that are timed and priced.
"""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.ir.core import Attribute, SymbolRef, SymExpr, dialect_attribute
from heliograph.ir.dialects.opdef import OpDef, declare


@dialect_attribute("sched.slot")
@dataclass(frozen=True, slots=True)
class Slot(Attribute):
    """Use of a resource: `at` is relative to the loop iteration, kernel or program that the op stands in."""

    on: SymbolRef
    at_ps: SymExpr | int
    for_ps: SymExpr | int


@dialect_attribute("sched.loop")
@dataclass(frozen=True, slots=True)
class LoopTiming(Attribute):
    """Iteration i starts at ``at_ps + i * ii_ps``; the last one ends `depth_ps` after its start.

    `lanes` iterations run side by side on as many processors, so there are ``ceil(trips / lanes)`` rounds.
    """

    at_ps: SymExpr | int
    trips: SymExpr | int
    ii_ps: SymExpr | int
    depth_ps: SymExpr | int
    lanes: int = 1


declare(
    OpDef(
        "sched.resource",
        "something that only one op at a time may use, in `count` copies",
        required={"sym_name": (str,), "kind": (str,), "count": (int,)},
        optional={"site": (str,)},
    )
)
