"""Resources with copies, each used by one thing at a time, and the log of what used them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from heliograph.runtime.replay.model import Event, Violation

_LISTED = 100  # violations; one per kind and place


@dataclass
class Findings:
    """Violations, one per kind and place, with a limit."""

    listed: list[Violation] = field(default_factory=list)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, kind: str, where: str, at_ps: int, message: str) -> None:
        """Note a violation."""
        self.seen[kind, where] += 1
        if self.seen[kind, where] == 1 and len(self.listed) < _LISTED:
            self.listed.append(Violation(kind=kind, where=where, at_ps=at_ps, message=message))

    def merge(self, other: Findings) -> None:
        """Take over what another machine found."""
        for found in other.listed:
            self.add(found.kind, found.where, found.at_ps, found.message)

    @property
    def unlisted(self) -> int:
        """Violations that are not listed."""
        return self.seen.total() - len(self.listed)


@dataclass
class Machine:
    """Copies of resources and when each is free again."""

    copies: dict[str, int]
    findings: Findings = field(default_factory=Findings)
    events: list[Event] = field(default_factory=list)
    _free: dict[tuple[str, int], Fraction] = field(default_factory=dict)
    _user: dict[tuple[str, int], str] = field(default_factory=dict)

    def use(self, resource: str, copy: int, start: int, end: Fraction | int, who: str) -> None:
        """Use one copy from `start` to `end`. Uses of a copy are told in the order of their starts."""
        if copy >= self.copies.get(resource, 0):
            have = self.copies.get(resource, 0)
            self.findings.add("resource", who, start, f"uses copy {copy + 1} of @{resource}, of which there are {have}")
            return
        key = (resource, copy)
        if self._free.get(key, Fraction(0)) > start and end > start:
            other = self._user[key]
            until = float(self._free[key])
            self.findings.add(
                "resource",
                who,
                start,
                f"uses @{resource}[{copy}] at {start} ps while {other} has it until {until:.0f} ps",
            )
        if end > self._free.get(key, Fraction(0)):
            self._free[key] = Fraction(end)
            self._user[key] = who

    def least_used(self, resource: str) -> int:
        """The copy that is free first."""
        count = max(1, self.copies.get(resource, 0))
        return min(range(count), key=lambda c: self._free.get((resource, c), Fraction(0)))
