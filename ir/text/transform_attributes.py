"""Callbacks of the grammar for types and attributes. Imported only where text is parsed, because it loads lark."""
# ruff: noqa: D102  (each method is the grammar rule of its name)

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from lark import Token, Transformer, v_args

from heliograph.ir.core import AttributeValue, FunctionType, SymbolRef, SymExpr, Type
from heliograph.ir.text.attributes import attribute_text
from heliograph.ir.text.limits import MAX_ALIASES, MAX_TERMS, MAX_TEXT
from heliograph.ir.text.problems import TextProblem
from heliograph.ir.text.readers import (
    Named,
    Reader,
    dense_array,
    integer,
    make_attribute,
    make_tensor,
    make_type,
    scalar,
)
from heliograph.ir.text.spelling import float_from_bits

T = TypeVar("T")
_REFERENCE = 16  # what an expression in use counts: sums keep no reference to what they were made from


def some(items: Iterable[T | None]) -> list[T]:
    """Without the placeholders that lark puts for what is left out."""
    return [i for i in items if i is not None]


@v_args(inline=True)
class BuildAttributes(Transformer):  # type: ignore[type-arg]
    """Types, attributes and aliases."""

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def forget(self) -> None:
        """Start a new file."""
        self._attributes: dict[str, AttributeValue] = {}
        self._types: dict[str, Type] = {}
        self._sizes: dict[str, int] = {}  # of aliases, in characters once written out
        self._written_out = self._before = self._inside = self._terms = 0
        self._read = Reader()

    def alias(self, name: Token, value: Any) -> None:
        table: dict[str, Any] = self._types if name.type == "TYPE_ALIAS" else self._attributes
        table[str(name)] = value
        # Aliases of aliases can stand for far more text than there is, so what they write out is bounded.
        inner, self._before = self._written_out - self._before, self._written_out
        self._inside += inner
        if self._inside > MAX_ALIASES:
            raise TextProblem(name.start_pos or 0, f"aliases of aliases stand for more than {MAX_ALIASES} characters")
        self._sizes[str(name)] = _REFERENCE if isinstance(value, SymExpr) else len(attribute_text(value))

    def _count(self, name: Token) -> None:
        self._written_out += self._sizes[str(name)]
        if self._written_out > MAX_TEXT:
            raise TextProblem(name.start_pos or 0, f"with aliases written out, the text is longer than {MAX_TEXT}")

    def _symbol(self, token: Token) -> str:
        text = str(token)
        return self._read.string(token, 1) if text[1] == '"' else text[1:]

    # Types

    def signature(self, types: Any, outcome: tuple[Type, ...]) -> FunctionType:
        return FunctionType(types or (), outcome)

    def outcome(self, kind: Type) -> tuple[Type, ...]:
        return (kind,)

    def outcomes(self, types: tuple[Type, ...] | None) -> tuple[Type, ...]:
        return types or ()

    def types(self, *types: Type) -> tuple[Type, ...]:
        return types

    def function_type(self, kind: FunctionType) -> FunctionType:
        return kind

    def scalar(self, name: Token) -> Type:
        return scalar(str(name))

    def whole_tensor(self, text: Token) -> Type:
        return self._read.tensor(text)

    def tensor(self, head: Token, element: Type, dims: list[Token] | None) -> Type:
        return make_tensor(head, element, dims)

    def dims(self, at: Token, *dims: Token | None) -> list[Token]:
        return some(dims)

    def dialect_type(self, name: Token, params: list[Any] | None) -> Type:
        return make_type(name, params or [])

    def type_alias(self, name: Token) -> Type:
        if name not in self._types:
            raise TextProblem(name.start_pos or 0, f"{name} is not defined above")
        self._count(name)
        return self._types[name]

    # Attributes

    def dict(self, *entries: tuple[Token, Any] | None) -> dict[str, AttributeValue]:
        found: dict[str, AttributeValue] = {}
        for name, value in some(entries):
            text = self._read.key(name)
            if text in found:
                raise TextProblem(name.start_pos or 0, f"'{text}' is given twice")
            found[text] = value
        return found

    def entry(self, name: Token, value: Any) -> tuple[Token, Any]:
        return name, True if value is None else value

    def params(self, *params: Any) -> list[Any]:
        return some(params)

    def named(self, name: Token, value: AttributeValue) -> Named:
        return Named(self._read.key(name), value)

    def string(self, text: Token) -> str:
        return self._read.string(text)

    def integer(self, text: Token, kind: Type | None) -> int:
        return integer(text, kind)

    def decimal(self, text: Token, kind: Type | None) -> float:
        return float(text)

    def bits(self, text: Token, kind: Type) -> float:
        try:
            return float_from_bits(text, getattr(kind, "name", ""))
        except (ValueError, OverflowError) as problem:
            raise TextProblem(text.start_pos or 0, str(problem)) from None

    def true(self, _: Token) -> bool:
        return True

    def false(self, _: Token) -> bool:
        return False

    def array(self, *items: Any) -> tuple[AttributeValue, ...]:
        return tuple(some(items))

    def dense(self, element: Token, *items: Token | None) -> AttributeValue:
        return dense_array(element, some(items))

    def symbol(self, name: Token) -> SymbolRef:
        return SymbolRef(self._symbol(name))

    def dialect_attribute(self, name: Token, params: list[Any] | None) -> AttributeValue:
        value = make_attribute(name, params or [])
        if isinstance(value, SymExpr):
            self._terms += len(value.terms)
            if self._terms > MAX_TERMS:
                raise TextProblem(name.start_pos or 0, f"size expressions of more than {MAX_TERMS} terms together")
        return value

    def alias_use(self, name: Token) -> AttributeValue:
        if name not in self._attributes:
            raise TextProblem(name.start_pos or 0, f"{name} is not defined above")
        self._count(name)
        return self._attributes[name]
