"""Declarations of our ops: arity, attributes and extra rules. The verifier reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from heliograph.ir.core import Op

MANY = 1_000_000


@dataclass(frozen=True)
class OpDef:
    """What a well-formed op looks like. `verify` yields complaints beyond arity and attribute types."""

    name: str
    summary: str
    operands: tuple[int, int] = (0, 0)  # fewest, most
    results: tuple[int, int] = (0, 0)
    regions: int = 0
    required: Mapping[str, tuple[type, ...]] = field(default_factory=dict)
    optional: Mapping[str, tuple[type, ...]] = field(default_factory=dict)
    verify: Callable[[Op], Iterator[str]] | None = None


OPDEFS: dict[str, OpDef] = {}


def declare(definition: OpDef) -> OpDef:
    """Add a definition to the table. Raises ValueError when the name is taken."""
    if definition.name in OPDEFS:
        raise ValueError(f"op {definition.name} declared twice")
    OPDEFS[definition.name] = definition
    return definition
