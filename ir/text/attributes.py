"""Text of types and attribute values."""

from __future__ import annotations

import math
import re
from dataclasses import MISSING, fields

from heliograph.ir.core import (
    Attribute,
    AttributeValue,
    DenseArray,
    DialectType,
    FunctionType,
    ScalarType,
    SymbolRef,
    SymExpr,
    TensorType,
    Type,
    UnknownAttribute,
)
from heliograph.ir.diagnostics import error
from heliograph.ir.text.aliases import Aliases
from heliograph.ir.text.limits import MAX_NESTING
from heliograph.ir.text.spelling import KEY, SCALAR, float_text, int_text, key, quote, symbol

_SCALAR = re.compile(SCALAR)
_DENSE_INTS = {f"{sign}{bits}": bits for sign in ("i", "ui", "si") for bits in (8, 16, 32, 64)}
_DENSE_FLOATS = ("f64", "f32", "f16", "bf16")


def type_text(kind: Type, depth: int = 0, aliases: Aliases | None = None) -> str:
    """A type as MLIR prints it; with `aliases`, a long one by its alias."""
    if isinstance(kind, TensorType):
        text = _tensor(kind, depth)
        return aliases.type(text) if aliases else text
    if isinstance(kind, ScalarType):
        if not _SCALAR.fullmatch(kind.name):
            raise error("HG1102", f"'{kind.name}' is not a scalar type; a type of a dialect is written !dialect.name")
        return kind.name
    if isinstance(kind, FunctionType):
        return function_text(kind.inputs, kind.results, depth, aliases)
    if isinstance(kind, DialectType):
        _dotted("!", kind.name)
        inner = ", ".join([attribute_text(p, depth + 1, aliases) for p in kind.params])
        return f"!{kind.name}<{inner}>" if inner else f"!{kind.name}"
    raise error("HG1102", f"{type(kind).__name__} is not a type of the IR")


def function_text(
    inputs: tuple[Type, ...], results: tuple[Type, ...], depth: int = 0, aliases: Aliases | None = None
) -> str:
    """``(i32) -> f32``; several results, none, or a function result stand in parentheses."""
    if depth > MAX_NESTING:
        raise error("HG1102", f"a type is nested more than {MAX_NESTING} deep")
    before = ", ".join([type_text(t, depth + 1, aliases) for t in inputs])
    after = ", ".join([type_text(t, depth + 1, aliases) for t in results])
    bare = len(results) == 1 and not isinstance(results[0], FunctionType)
    return f"({before}) -> {after}" if bare else f"({before}) -> ({after})"


def _tensor(kind: TensorType, depth: int) -> str:
    if depth > MAX_NESTING:
        raise error("HG1102", f"a type is nested more than {MAX_NESTING} deep")
    element = type_text(kind.element, depth + 1)
    if kind.dims is None:
        return f"tensor<*x{element}>"
    sizes, names, named = [], [], False
    for dim in kind.dims:
        if dim is None:
            sizes.append("?x")
            names.append("_")
        elif dim.is_constant and int(dim) >= 0:
            sizes.append(f"{dim}x")
            names.append(str(dim))
        else:
            text = str(dim)
            sizes.append("?x")
            names.append(text if KEY.fullmatch(text) and text != "_" and "." not in text else quote(text))
            named = True
    dims = f", #sym.dims<{', '.join(names)}>" if named else ""
    return f"tensor<{''.join(sizes)}{element}{dims}>"


def attribute_text(value: AttributeValue, depth: int = 0, aliases: Aliases | None = None) -> str:
    """An attribute value; `attributes.py` of ir/core says which there are. With `aliases`, long ones by their alias."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, int):
        return int_text(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, SymExpr):
        name = aliases.expression(value) if aliases else ""
        return name or f"#sym.expr<{quote(str(value))}>"
    if depth > MAX_NESTING:
        raise error("HG1102", f"an attribute is nested more than {MAX_NESTING} deep")
    if isinstance(value, Type):
        return type_text(value, depth, aliases)
    if isinstance(value, tuple):
        return f"[{', '.join([attribute_text(v, depth + 1, aliases) for v in value])}]"
    if isinstance(value, SymbolRef):
        return symbol(value.name)
    if isinstance(value, dict):
        return dict_text(value, depth, aliases)
    if isinstance(value, DenseArray):
        return _dense(value)
    if isinstance(value, UnknownAttribute):
        return _dialect(value.name, value.positional, value.keyed, depth, aliases)
    if isinstance(value, Attribute):
        named = value.params()
        first = positional_field(type(value))
        lead = (named.pop(first),) if first else ()
        return _dialect(value.attr_name, lead, tuple(named.items()), depth, aliases)
    raise error("HG1102", f"{type(value).__name__} is not an attribute value")


def dict_text(entries: dict[str, AttributeValue], depth: int = 0, aliases: Aliases | None = None) -> str:
    """``{a = 1, "odd key" = 2}``."""
    return "{" + ", ".join([f"{key(k)} = {attribute_text(v, depth + 1, aliases)}" for k, v in entries.items()]) + "}"


def positional_field(declared: type[Attribute]) -> str:
    """The field that stands without its name: the first one, where it is a required str."""
    for field in fields(declared):  # type: ignore[arg-type]
        return field.name if field.type == "str" and field.default is MISSING else ""
    return ""


def _dialect(
    name: str,
    lead: tuple[AttributeValue, ...],
    named: tuple[tuple[str, AttributeValue], ...],
    depth: int,
    aliases: Aliases | None,
) -> str:
    _dotted("#", name)
    inner = [attribute_text(v, depth + 1, aliases) for v in lead]
    inner += [f"{key(k)} = {attribute_text(v, depth + 1, aliases)}" for k, v in named]
    return f"#{name}<{', '.join(inner)}>" if inner else f"#{name}"


def _dotted(mark: str, name: str) -> None:
    if not KEY.fullmatch(name) or "." not in name:
        raise error("HG1102", f"'{mark}{name}' is not of the form {mark}dialect.name")


def _dense(array: DenseArray) -> str:
    """``array<i64: 1>`` where MLIR and xDSL both read it, else ``#helio.array<"i4", [1]>``."""
    values = array.values
    bits = _DENSE_INTS.get(array.element)
    if bits is not None:
        low, high = (0, 2**bits) if array.element[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        plain = all(type(v) is int and low <= v < high for v in values)
    else:
        plain = array.element in _DENSE_FLOATS and all(type(v) is float and math.isfinite(v) for v in values)
    if not plain:
        return f"#helio.array<{quote(array.element)}, {attribute_text(values)}>"
    inner = ", ".join([float_text(v) if isinstance(v, float) else str(v) for v in values])
    return f"array<{array.element}: {inner}>" if inner else f"array<{array.element}>"
