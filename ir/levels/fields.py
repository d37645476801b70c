"""Do attribute values have the types that their declarations say?"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any, cast

from heliograph.ir.core import Attribute, UnknownAttribute


def fits(value: object, hint: Any) -> bool:
    """True when a value has a type such as ``SymExpr | int`` or ``tuple[int, ...]``. A float may be given as an int;
    true and false are no ints."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return any(fits(value, part) for part in typing.get_args(hint))
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return isinstance(value, tuple) and all(fits(v, inner) for v in value)
    if not isinstance(hint, type):
        return True
    if isinstance(value, bool):
        return hint is bool
    return isinstance(value, hint) or (hint is float and isinstance(value, int))


@cache
def _hints(declared: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(declared)


def field_problems(name: str, value: object) -> Iterator[str]:
    """Complaints about fields of dialect attributes, also of those inside arrays and dictionaries."""
    if isinstance(value, tuple):
        for item in value:
            yield from field_problems(name, item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from field_problems(name, item)
    elif isinstance(value, Attribute) and not isinstance(value, UnknownAttribute):
        hints = _hints(cast("Any", type(value)))
        for field in fields(value):  # type: ignore[arg-type]
            inner = getattr(value, field.name)
            if not fits(inner, hints[field.name]):
                yield f"{name}: #{value.attr_name} has {field.name} = {inner!r}, which is not a {field.type}"
            else:
                yield from field_problems(name, inner)
