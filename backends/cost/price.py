"""`price` an activity on a target, and the `peak` figures, through the same price list."""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.backends.cost import counters
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Bill, Boundary, Rate, bill
from heliograph.backends.cost.electronics import electronic_rates
from heliograph.backends.families.registry import family_of
from heliograph.backends.target import Target


def price_list(target: Target) -> tuple[Rate, ...]:
    """What each event and each powered picosecond costs: optical processor and light path, then everything digital."""
    return (*family_of(target).rates(target), *electronic_rates(target))


def price(target: Target, activity: Activity) -> Bill:
    """Energy of an activity, component by component, each with its boundary.

    Raises ValueError when the activity counts something the target has no price for.
    """
    return bill(price_list(target), activity)


@dataclass(frozen=True, slots=True)
class Peak:
    """Full utilisation: every port busy every symbol, weights resident, nothing digital but the converters.

    `tops_per_opu` counts two operations per multiply-accumulate, as the seed does; power is per OPU.
    `mw_per_tops` at the system boundary holds only what the light path itself needs (amplifiers): memory,
    residual operators and network belong to a workload.
    """

    rails: int
    tops_per_opu: float
    tops: float
    mw: tuple[tuple[str, float], ...]
    mw_per_tops: tuple[tuple[Boundary, float], ...]

    def component_mw(self, component: str) -> float:
        """Power in mW of one component; 0 when it draws none."""
        return dict(self.mw).get(component, 0.0)

    def at(self, boundary: Boundary | str) -> float:
        """Figure in mW/TOPS at a boundary."""
        return dict(self.mw_per_tops)[Boundary(boundary)]


def peak(target: Target, rails: int = 1) -> Peak:
    """Peak figures with one rail (unipolar operands) or two (balanced detection)."""
    activity = family_of(target).full_second(target, rails)
    costs = price(target, activity)
    tops = 2 * activity.count(counters.OPU_MAC) / 1e12
    return Peak(
        rails=rails,
        tops_per_opu=tops,
        tops=tops * target.opu.count,
        mw=tuple((line.component, line.energy_j * 1e3) for line in costs.lines if line.energy_j > 0),
        mw_per_tops=tuple((b, costs.total_j(b) * 1e3 / tops) for b in Boundary),
    )
