"""Rates (what one event or one powered picosecond costs) and the bill they give.

Boundaries nest: a total at one boundary holds everything of the boundaries inside it (PHYSICS section 3).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from heliograph.backends.cost import counters
from heliograph.backends.cost.activity import Activity


class Boundary(StrEnum):
    """How much of the machine an energy figure covers, innermost first."""

    OPTICAL = "optical"
    ANALOG = "analog"
    CONVERTER = "converter"
    SYSTEM = "system"

    @property
    def rank(self) -> int:
        """0 for the innermost."""
        return list(Boundary).index(self)


@dataclass(frozen=True, slots=True)
class Rate:
    """One line of a price list: energy in J per unit of each counter.

    A line may have a negative term ("powered but not converting" is powered time minus converting time); the
    line itself is never billed below zero.
    """

    component: str
    boundary: Boundary
    terms: tuple[tuple[str, float], ...]

    def energy_j(self, activity: Activity) -> float:
        """Energy of this line in J."""
        parts = [activity.count(counter) * joule for counter, joule in self.terms]
        energy = math.fsum(parts)
        rounding = 1e-12 * max((abs(part) for part in parts), default=0.0)
        return energy if energy > rounding else 0.0


@dataclass(frozen=True, slots=True)
class BillLine:
    """Energy of one component, in J, with the boundary from which it counts."""

    component: str
    boundary: Boundary
    energy_j: float


@dataclass(frozen=True, slots=True)
class Bill:
    """What an activity costs."""

    lines: tuple[BillLine, ...]

    def total_j(self, boundary: Boundary | str = Boundary.SYSTEM) -> float:
        """Energy in J inside a boundary, everything of the boundaries within it included."""
        rank = Boundary(boundary).rank
        return sum(line.energy_j for line in self.lines if line.boundary.rank <= rank)

    def component_j(self, component: str) -> float:
        """Energy in J of one component; 0 when it is not on the bill."""
        return sum(line.energy_j for line in self.lines if line.component == component)


def bill(rates: Sequence[Rate], activity: Activity, *, free: Iterable[str] = (counters.OPU_MAC,)) -> Bill:
    """Price an activity; lines of zero energy are kept so that nothing disappears from a report.

    Raises ValueError when the activity counts something that no rate prices: nothing is silently free.
    """
    priced = {counter for rate in rates for counter, _ in rate.terms}.union(free)
    if unpriced := activity.counters() - priced:
        raise ValueError(f"no price for {', '.join(sorted(unpriced))}")
    return Bill(tuple(BillLine(r.component, r.boundary, r.energy_j(activity)) for r in rates))
