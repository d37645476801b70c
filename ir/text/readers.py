"""Builds types and attributes from their spelled parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lark import Token

from heliograph.ir.core import (
    AttributeValue,
    DenseArray,
    DialectType,
    ScalarType,
    SymExpr,
    TensorType,
    Type,
    UnknownAttribute,
    registered_attribute,
    sym,
)
from heliograph.ir.core.symparse import parse_expr
from heliograph.ir.text.attributes import positional_field
from heliograph.ir.text.problems import TextProblem
from heliograph.ir.text.spelling import SCALAR, unquote

_DIM = re.compile(r'"[^"]*"|[^\s,]+')
_SIZE = re.compile(r"[0-9]+|[?*]")
_TENSOR = re.compile(rf"(tensor<(?:\*x|(?:(?:[0-9]+|\?)x)*))({SCALAR})(?:, #sym\.dims<(.*)>)?>")
_INTEGERS = re.compile(r"[su]?i[0-9]+|index")
_LONGEST_INT = 4300  # digits


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter with its name: ``bits = 6``."""

    name: str
    value: AttributeValue


@lru_cache(maxsize=256)
def scalar(name: str) -> ScalarType:
    """One object per scalar type, so that comparing types is fast."""
    return ScalarType(name)


class Reader:
    """Reads literals; equal tensor types of one file become one object."""

    def __init__(self) -> None:
        self._tensors: dict[str, Type] = {}

    def tensor(self, text: Token) -> Type:
        """A tensor type that came as one terminal."""
        kind = self._tensors.get(text)
        if kind is None:
            parts = _TENSOR.fullmatch(text)
            assert parts is not None  # the lexer matched the same form
            names = None if parts[3] is None else [_at(text, d) for d in _DIM.findall(parts[3])]
            kind = make_tensor(_at(text, parts[1]), scalar(parts[2]), names)
            self._tensors[str(text)] = kind
        return kind

    def string(self, token: Token, skip: int = 0) -> str:
        """The string that a literal stands for."""
        try:
            return unquote(token[skip:])
        except ValueError as problem:
            raise TextProblem(token.start_pos or 0, str(problem)) from None

    def key(self, token: Token) -> str:
        """A dictionary key or parameter name."""
        return self.string(token) if token[0] == '"' else str(token)


def _at(token: Token, part: str) -> Token:
    return Token("PART", part, token.start_pos)


def make_tensor(head: Token, element: Type, dims: Sequence[Token] | None) -> TensorType:
    """A tensor type from ``tensor<4x?x``, its element and the names of its dimensions."""
    sizes = _SIZE.findall(head)
    if sizes == ["*"]:
        if dims is not None:
            raise TextProblem(head.start_pos or 0, "a tensor of unknown rank has no dimensions to name")
        return TensorType(element, None)
    if dims is None:
        return TensorType(element, tuple(None if s == "?" else _number(head, s) for s in sizes))
    if len(dims) != len(sizes):
        raise TextProblem(head.start_pos or 0, f"{len(sizes)} sizes but {len(dims)} names in #sym.dims")
    return TensorType(element, tuple(_dim(s, d) for s, d in zip(sizes, dims, strict=True)))


def _number(at: Token, digits: str) -> SymExpr:
    if len(digits) > _LONGEST_INT:
        raise TextProblem(at.start_pos or 0, f"a number of {len(digits)} digits")
    return sym(int(digits))


def _dim(size: str, name: Token) -> SymExpr | None:
    if size != "?":
        if name != size:
            raise TextProblem(name.start_pos or 0, f"the size is {size}, #sym.dims says {name}")
        return _number(name, size)
    if name == "_":
        return None
    return size_expression(name, unquote(name) if name[0] == '"' else str(name))


def size_expression(at: Token, text: str) -> SymExpr:
    """A size expression, with its problem reported at `at`."""
    try:
        return parse_expr(text)
    except ValueError as problem:
        raise TextProblem(at.start_pos or 0, str(problem)) from None


def make_type(name: Token, params: Sequence[Any]) -> DialectType:
    """``!dialect.name<params>``; a type has no named parameters."""
    named = next((p for p in params if isinstance(p, Named)), None)
    if named is not None:
        raise TextProblem(name.start_pos or 0, f"{name} takes no parameter by name ('{named.name}')")
    return DialectType(name[1:], tuple(params))


def make_attribute(name: Token, params: Sequence[Any]) -> AttributeValue:
    """A declared attribute where the dialect declares it, else an `UnknownAttribute`."""
    at, label = name.start_pos or 0, name[1:]
    lead = tuple(p for p in params if not isinstance(p, Named))
    named = {p.name: p.value for p in params if isinstance(p, Named)}
    if len(lead) + len(named) != len(params) or any(isinstance(p, Named) for p in params[: len(lead)]):
        raise TextProblem(at, f"{name}: parameters without a name come first, and no name comes twice")
    if label == "sym.expr":
        first, text = (lead[0], lead[1]) if len(lead) == 2 else (SymExpr(()), lead[0] if len(lead) == 1 else None)
        if named or not isinstance(text, str) or not isinstance(first, SymExpr):
            raise TextProblem(at, 'a size expression is written #sym.expr<"2*b">, or as a sum #sym.expr<#e0, "2*b">')
        return first + size_expression(name, text)
    if label == "helio.array":
        if named or len(lead) != 2 or not isinstance(lead[0], str) or not isinstance(lead[1], tuple):
            raise TextProblem(at, 'an array of numbers is written #helio.array<"f32", [0.5]>')
        return DenseArray(lead[0], _numbers(name, lead[1]))
    declared = registered_attribute(label)
    if declared is None:
        return UnknownAttribute(label, lead, tuple(named.items()))
    first = positional_field(declared)
    if len(lead) > bool(first) or (lead and first in named):
        raise TextProblem(at, f"{name}: only '{first}' stands without its name" if first else f"{name}: names missing")
    try:
        return declared.from_params({first: lead[0], **named} if lead else named)
    except ValueError as problem:
        raise TextProblem(at, str(problem)) from None


def _numbers(at: Token, values: Sequence[AttributeValue]) -> tuple[int | float, ...]:
    if not all(isinstance(v, int | float) for v in values):
        raise TextProblem(at.start_pos or 0, "the array holds something else than numbers")
    return tuple(v for v in values if isinstance(v, int | float))


def dense_array(element: Token, items: Sequence[Token]) -> DenseArray:
    """``array<f32: 0.5>``."""
    name = str(element)
    values: list[int | float] = []
    for item in items:
        if item.type in ("TRUE", "FALSE") and name == "i1":
            values.append(int(item.type == "TRUE"))
        elif item.type == "FLOAT" and not _INTEGERS.fullmatch(name):
            values.append(float(item))
        elif item.type == "INT" and _INTEGERS.fullmatch(name):
            values.append(integer(item, None))
        else:
            raise TextProblem(item.start_pos or 0, f"{item} in an array of {name}")
    return DenseArray(name, tuple(values))


def integer(text: Token, kind: Type | None) -> int:
    """An integer; its type only says how wide it is, so it is not kept."""
    if kind is not None and not (isinstance(kind, ScalarType) and _INTEGERS.fullmatch(kind.name)):
        raise TextProblem(text.start_pos or 0, "an integer of a type that is no integer; write 1.0 for a float")
    if len(text) > _LONGEST_INT:
        raise TextProblem(text.start_pos or 0, f"a number of {len(text)} digits")
    return int(text)
