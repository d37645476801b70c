"""Energies that add up exactly.

`price` gives floats. A `Ledger` prices all activities of a program first, then rounds each line to a whole multiple
of one quantum: the power of two at which the sum of everything still fits the 53 bits of a float.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from heliograph.backends import Activity, Boundary, Target, price

_SPARE_BITS = 2  # rounding up may lift the sum over the next power of two


class EnergyLine(msgspec.Struct, frozen=True):
    """Energy of one component, and the innermost boundary that contains it."""

    component: str
    boundary: str
    joule: float


class PerBoundary(msgspec.Struct, frozen=True):
    """One figure at each of the nested boundaries; null where there is nothing to divide by."""

    optical: float | None
    analog: float | None
    converter: float | None
    system: float | None

    def at(self, boundary: str) -> float | None:
        """The figure at a boundary by name."""
        return (self.optical, self.analog, self.converter, self.system)[Boundary(boundary).rank]


class Energy(msgspec.Struct, frozen=True):
    """An energy by component, and in total at each boundary (everything inside included)."""

    lines: tuple[EnergyLine, ...]
    optical_j: float
    analog_j: float
    converter_j: float
    system_j: float

    @classmethod
    def of(cls, lines: Iterable[EnergyLine]) -> Energy:
        """Total some lines; lines of one component become one, lines of nothing are left out."""
        merged: dict[tuple[int, str], float] = {}
        for line in lines:
            key = (Boundary(line.boundary).rank, line.component)
            merged[key] = merged.get(key, 0.0) + line.joule
        # stable: inner boundaries first, components in the order of the price list
        kept = sorted(((k, j) for k, j in merged.items() if j), key=lambda item: item[0][0])
        names = list(Boundary)
        made = tuple(EnergyLine(name, names[rank].value, joule) for (rank, name), joule in kept)
        totals = (sum(j for (r, _), j in kept if r <= b.rank) for b in names)
        return cls(made, *(float(t) for t in totals))

    def at(self, boundary: str) -> float:
        """Joule inside a boundary by name."""
        return (self.optical_j, self.analog_j, self.converter_j, self.system_j)[Boundary(boundary).rank]

    def component_j(self, component: str) -> float:
        """Joule of one component; 0 when it used none."""
        return sum(line.joule for line in self.lines if line.component == component)

    def per_operation(self, light_macs: int, macs: int) -> PerBoundary:
        """mW/TOPS (= fJ per operation, two operations per multiply-accumulate)."""

        def figure(joule: float, count: int) -> float | None:
            return joule * 1e15 / (2 * count) if count else None

        return PerBoundary(
            optical=figure(self.optical_j, light_macs),
            analog=figure(self.analog_j, light_macs),
            converter=figure(self.converter_j, light_macs),
            system=figure(self.system_j, macs),
        )


def total(energies: Iterable[Energy]) -> Energy:
    """Exact sum."""
    return Energy.of(line for energy in energies for line in energy.lines)


class Ledger:
    """Prices activities; `energies` gives them back, in the order of `enter`, once all are known."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._bills: list[tuple[EnergyLine, ...]] = []

    def enter(self, activity: Activity) -> int:
        """Price an activity and return its place among the `energies`."""
        lines = price(self._target, activity).lines
        self._bills.append(tuple(EnergyLine(x.component, x.boundary.value, x.energy_j) for x in lines if x.energy_j))
        return len(self._bills) - 1

    @property
    def quantum_j(self) -> float:
        """The power of two that all energies are multiples of."""
        everything = math.fsum(line.joule for lines in self._bills for line in lines)
        _, exponent = math.frexp(everything)
        return math.ldexp(1.0, exponent + _SPARE_BITS - 53) if everything else 1.0

    def energies(self) -> list[Energy]:
        """All energies, rounded to the quantum; never to nothing."""
        quantum = self.quantum_j

        def rounded(joule: float) -> float:
            return max(round(joule / quantum), 1) * quantum

        return [Energy.of(EnergyLine(x.component, x.boundary, rounded(x.joule)) for x in b) for b in self._bills]
