"""What a pass is: a frozen dataclass whose fields are its options."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, fields
from typing import ClassVar

from heliograph.compiler.unit import Unit


class Notes:
    """What a pass did, and why it did not fire where one might expect it to (``--stats``)."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.not_done: Counter[str] = Counter()

    def did(self, what: str, times: int = 1) -> None:
        """Count something that the pass did."""
        self.done[what] += times

    def did_not(self, what: str, why: str) -> None:
        """Count something that the pass left alone, with the reason."""
        self.not_done[f"{what}: {why}"] += 1


@dataclass(frozen=True)
class Pass(ABC):
    """One step of a pipeline, from one level of the IR to the same or the next one."""

    name: ClassVar[str]
    takes: ClassVar[str]  # level before
    gives: ClassVar[str]  # level after

    @abstractmethod
    def run(self, unit: Unit, notes: Notes) -> Unit:
        """Build the unit after the pass. Raises HeliographError for what the user can mend."""

    @property
    def spelling(self) -> str:
        """The text that spells this pass: ``name`` or ``name{option=value,...}`` without defaults."""
        options = [
            f"{f.name.replace('_', '-')}={_text(getattr(self, f.name))}"
            for f in fields(self)
            if getattr(self, f.name) != f.default
        ]
        return f"{self.name}{{{','.join(options)}}}" if options else self.name


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
