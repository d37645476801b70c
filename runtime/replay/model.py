"""What a replay finds. Times are integer picoseconds."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something on one copy of a resource. `merged` > 1: that many uses, drawn as one."""

    name: str
    kind: str  # op of @main ("func.call", ...), or "load", "modulate", "multiply", "detect" inside a call
    resource: str
    lane: int
    start_ps: int
    end_ps: int
    merged: int = 1


def moved(event: Event, by_ps: int) -> Event:
    """The event, later."""
    return msgspec.structs.replace(event, start_ps=event.start_ps + by_ps, end_ps=event.end_ps + by_ps)


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A promise the schedule breaks.

    kind: "operand" (used before it is there), "site" (used where it is not), "resource" (a copy used twice at once, or
    one that does not exist), "duration" (a slot or loop that does not give the hardware its time), "trips" (tiles or
    symbols missing), "end" (a call ends at another time than its slot), "makespan" (the program does).
    """

    kind: str
    where: str
    at_ps: int
    message: str


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule played back for concrete sizes."""

    program: str
    target: str
    dims: dict[str, int]
    assumed_dims: tuple[str, ...]
    total_ps: int  # when the last value is where it should be
    makespan_ps: int  # when the schedule says so
    loads: int  # weight tiles written, over all calls
    symbols: int  # symbols streamed
    collapsed: tuple[str, ...]  # calls of which a representative part was played, the rest follows by translation
    sites: dict[str, str]  # resource -> where it stands
    events: tuple[Event, ...]
    violations: tuple[Violation, ...]
    more_violations: int = 0  # found but not listed

    @property
    def ok(self) -> bool:
        """Whether the schedule keeps all its promises."""
        return not self.violations
