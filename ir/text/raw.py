"""What the grammar builds before names are resolved."""

from __future__ import annotations

from dataclasses import dataclass, field

from heliograph.ir.core import AttributeValue, Type


@dataclass(slots=True)
class RawArg:
    """A block argument: its name, where it stands, and its type."""

    name: str
    at: int
    type: Type


@dataclass(slots=True)
class RawBlock:
    """A block of unresolved ops."""

    args: list[RawArg]
    ops: list[RawOp]


@dataclass(slots=True)
class RawOp:
    """An op whose operands are still names. `results` holds (name, position, count)."""

    name: str
    at: int
    results: list[tuple[str, int, int]] = field(default_factory=list)
    uses: list[tuple[str, int]] = field(default_factory=list)
    inputs: tuple[Type, ...] = ()
    outputs: tuple[Type, ...] = ()
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    regions: list[list[RawBlock]] = field(default_factory=list)
    loc: str = ""
