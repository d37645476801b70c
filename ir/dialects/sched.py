"""Time: resources, and when each op uses them. All times are integer picoseconds.

A scheduled program is the tiled program with a `slot` on every op that takes time and `timing` on every loop, so
the ops that compute the result are the ops that are timed and priced.
"""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.ir.core import Attribute, SymbolRef, SymExpr, dialect_attribute, sym
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
    """A modulo-scheduled loop.

    Round i starts at ``at_ps + floor(i * ii_ps / per)``: the initiation interval is the exact fraction ii_ps / per,
    since a symbol period is rarely a whole number of picoseconds. The loop ends ``drain_ps`` after its last interval.
    `lanes` iterations run side by side in a round, so ``rounds = ceil(trips / lanes)``.
    """

    at_ps: SymExpr | int
    trips: SymExpr | int
    ii_ps: SymExpr | int
    drain_ps: SymExpr | int
    lanes: int = 1
    per: int = 1

    @property
    def rounds(self) -> SymExpr:
        """Rounds of the loop."""
        return sym(self.trips).ceildiv(self.lanes)

    @property
    def end_ps(self) -> SymExpr:
        """When the loop ends, drained."""
        return sym(self.at_ps) + (self.rounds * self.ii_ps).ceildiv(self.per) + self.drain_ps


declare(
    OpDef(
        "sched.resource",
        "something that only one op at a time may use, in `count` copies",
        required={"sym_name": (str,), "kind": (str,), "count": (int,)},
        optional={"site": (str,)},
    )
)
declare(
    OpDef(
        "sched.send",
        "moves a tensor between the edge node and the computing center; the value does not change",
        operands=(1, 1),
        results=(1, 1),
        # medium: "light" (the streamed operand, modulated at the edge) or "digital" (through transceivers);
        # the value is there delay_ps after its slot ends
        required={"medium": (str,), "to": (str,), "bits": (SymExpr, int), "delay_ps": (int,)},
    )
)
