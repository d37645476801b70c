"""`Activity`: how often each device did something, and how long each was powered.

Activities add up and scale by whole numbers, so a schedule's activity is the sum of its tasks' and a loop's is
its body's times the trip count, exactly (all counts are Python ints, no rounding, no overflow).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


class Counts(Mapping[str, int]):
    """An immutable, hashable mapping from counter to a whole number; absent counters read as missing keys."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, int] | Iterable[tuple[str, int]] = ()) -> None:
        self._items = {key: count for key, count in sorted(dict(items).items()) if count}

    def __getitem__(self, key: str) -> int:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(tuple(self._items.items()))

    def __repr__(self) -> str:
        return f"Counts({self._items!r})"

    def plus(self, other: Mapping[str, int]) -> Counts:
        """Sum, counter by counter."""
        return Counts({key: self.get(key, 0) + other.get(key, 0) for key in {*self, *other}})

    def times(self, factor: int) -> Counts:
        """All counts times a whole number."""
        return Counts({key: count * factor for key, count in self.items()})


_NONE = Counts()


@dataclass(frozen=True, slots=True)
class Activity:
    """Events by counter, and powered device-picoseconds by component (`heliograph.backends.cost.counters`)."""

    events: Counts = _NONE
    powered_ps: Counts = _NONE

    @classmethod
    def of(cls, events: Mapping[str, int] | None = None, powered_ps: Mapping[str, int] | None = None) -> Activity:
        """Build from plain mappings. Raises ValueError for a negative count."""
        made = cls(Counts(events or {}), Counts(powered_ps or {}))
        for counter, count in (*made.events.items(), *made.powered_ps.items()):
            if count < 0:
                raise ValueError(f"{counter} counted {count} times")
        return made

    def __add__(self, other: Activity) -> Activity:
        return Activity(self.events.plus(other.events), self.powered_ps.plus(other.powered_ps))

    def __mul__(self, factor: int) -> Activity:
        if factor < 0:
            raise ValueError(f"an activity cannot happen {factor} times")
        return Activity(self.events.times(factor), self.powered_ps.times(factor))

    __rmul__ = __mul__

    def count(self, counter: str) -> int:
        """Count of an event, or powered device-picoseconds of a component; 0 when it never happened."""
        return self.events.get(counter, 0) + self.powered_ps.get(counter, 0)

    def counters(self) -> frozenset[str]:
        """All counters that are not zero."""
        return frozenset(self.events) | frozenset(self.powered_ps)
