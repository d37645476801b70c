"""Attribute values.

An attribute is one of: bool, int, float, str, a `Type`, a `SymExpr`, a `SymbolRef`, a `DenseArray`, a tuple (array),
a dict with str keys (dictionary), or an `Attribute` of a dialect. Dialects declare attributes as frozen dataclasses
with `@dialect_attribute("optical.quant")`; the fields are what the text shows: ``#optical.quant<bits = 6, ...>``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar

from heliograph.ir.core.sym import SymExpr
from heliograph.ir.core.types import Type


class Attribute:
    """Base of dialect attributes: frozen dataclasses whose fields are attribute values."""

    attr_name: ClassVar[str]

    def params(self) -> dict[str, AttributeValue]:
        """Fields in declaration order, leaving out those that equal their default."""
        shown: dict[str, AttributeValue] = {}
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if not (_same(value, field.default)):
                shown[field.name] = value
        return shown

    @classmethod
    def from_params(cls, params: Mapping[str, AttributeValue]) -> Attribute:
        """Build from the fields of the text. Raises ValueError on unknown, missing or wrong fields."""
        known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
        unknown = sorted(set(params) - known)
        if unknown:
            raise ValueError(f"#{cls.attr_name} has no field '{unknown[0]}'")
        try:
            return cls(**params)
        except TypeError as problem:
            raise ValueError(f"#{cls.attr_name}: {problem}") from problem


def _same(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default


@dataclass(frozen=True, slots=True)
class SymbolRef:
    """A reference to a symbol such as a function or resource: ``@name``."""

    name: str


@dataclass(frozen=True, slots=True)
class DenseArray:
    """A homogeneous array of numbers: ``array<i64: 1, 2>`` or ``array<f32: 0.5>``."""

    element: str
    values: tuple[int | float, ...]


@dataclass(frozen=True, slots=True)
class UnknownAttribute(Attribute):
    """A dialect attribute nobody declared; kept as it is so that the text round-trips."""

    name: str
    positional: tuple[Any, ...] = ()
    keyed: tuple[tuple[str, Any], ...] = ()


AttributeValue = (
    bool
    | int
    | float
    | str
    | Type
    | SymExpr
    | SymbolRef
    | DenseArray
    | Attribute
    | tuple["AttributeValue", ...]
    | dict[str, "AttributeValue"]
)

_REGISTRY: dict[str, type[Attribute]] = {}
T = TypeVar("T", bound=type[Attribute])


def dialect_attribute(name: str) -> Callable[[T], T]:
    """Class decorator that declares a dialect attribute under its textual name (without ``#``)."""

    def register(cls: T) -> T:
        if name in _REGISTRY:
            raise ValueError(f"attribute {name} declared twice")
        cls.attr_name = name
        _REGISTRY[name] = cls
        return cls

    return register


def registered_attribute(name: str) -> type[Attribute] | None:
    """The class declared under `name`, or None."""
    return _REGISTRY.get(name)
