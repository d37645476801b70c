"""How a field of a target section declares what it may hold.

A section is a frozen dataclass; each field carries a `Rule` in its metadata, from which the loader checks files
and spellings. Bounds are there to keep out the physically impossible, not the unusual.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, ClassVar

from heliograph.backends.quantity import Value


@dataclass(frozen=True, slots=True)
class Rule:
    """What one field may hold: its kind, bounds for numbers, words for choices."""

    kind: str  # "float", "int", "bool" or "choice"
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False  # low itself is excluded
    words: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether the field is a number (and so needs a source)."""
        return self.kind in ("float", "int")

    def problem(self, value: object) -> str | None:
        """Why `value` may not stand here, or None."""
        if self.kind == "bool":
            return None if isinstance(value, bool) else "must be true or false"
        if self.kind == "choice":
            known = isinstance(value, str) and value in self.words
            return None if known else f"must be one of {', '.join(self.words)}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "must be a number"
        if self.kind == "int" and not isinstance(value, int):
            return "must be a whole number, written without a decimal point"
        if isinstance(value, float) and not math.isfinite(value):
            return "must be finite"
        if value < self.low or value > self.high or (self.open_low and value == self.low):
            left = f"more than {self.low:g}" if self.open_low else f"at least {self.low:g}"
            return f"must be {left} and at most {self.high:g}"
        return None

    def convert(self, value: Value) -> Value:
        """The value as the section stores it (an int given for a float becomes a float)."""
        return float(value) if self.kind == "float" else value


def number(low: float, high: float, *, open_low: bool = False) -> Any:
    """A real number in [low, high], or (low, high] when `open_low`."""
    return dataclasses.field(metadata={"rule": Rule("float", low, high, open_low)})


def whole(low: int, high: int) -> Any:
    """A whole number in [low, high]."""
    return dataclasses.field(metadata={"rule": Rule("int", low, high)})


def flag() -> Any:
    """A switch."""
    return dataclasses.field(metadata={"rule": Rule("bool")})


def modulator() -> Any:
    """How Mach-Zehnder modulators are driven; see `heliograph.backends.slices.SliceNoise`."""
    return choice("ideal", "predistorted", "sine")


def choice(*words: str) -> Any:
    """One of some words."""
    return dataclasses.field(metadata={"rule": Rule("choice", words=words)})


@dataclass(frozen=True, slots=True)
class Section:
    """Base of all sections; `KEY` is the section's name in the target file."""

    KEY: ClassVar[str] = ""

    @classmethod
    def rules(cls) -> dict[str, Rule]:
        """Full key (``ring.settle_ns``) -> rule, in order of declaration."""
        return {f"{cls.KEY}.{f.name}": f.metadata["rule"] for f in dataclasses.fields(cls)}
