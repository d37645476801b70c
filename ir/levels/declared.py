"""Checks an op of ours against its declaration."""

from __future__ import annotations

from collections.abc import Iterator

from heliograph.ir.core import Attribute, Op, Type
from heliograph.ir.dialects import OPDEFS, OpDef
from heliograph.ir.levels.fields import field_problems, fits
from heliograph.ir.text import attribute_text

_BROKEN = (ValueError, TypeError, AttributeError, KeyError, IndexError, AssertionError, RecursionError)


def declared_problems(op: Op, extra: frozenset[str]) -> Iterator[str]:
    """Complaints about an op whose name begins with one of our dialects. Attributes in `extra` are allowed too."""
    definition = OPDEFS.get(op.name)
    if definition is None:
        yield "no such op is declared"
        return
    shape = list(_shape(op, definition))
    attributes = list(_attributes(op, definition, extra))
    yield from shape
    yield from attributes
    if definition.verify and not shape and not attributes:
        try:
            yield from definition.verify(op)
        except _BROKEN as problem:  # size expressions that do not parse and the like
            yield f"is malformed: {problem or type(problem).__name__}"


def _shape(op: Op, definition: OpDef) -> Iterator[str]:
    for what, values, (least, most) in (
        ("operands", op.operands, definition.operands),
        ("results", op.results, definition.results),
    ):
        if not least <= len(values) <= most:
            wanted = f"{least}" if least == most else f"{least} or more" if most > 1000 else f"{least} to {most}"
            yield f"has {len(values)} {what}, takes {wanted}"
    if len(op.regions) != definition.regions:
        yield f"has {len(op.regions)} regions, takes {definition.regions}"
    if any(len(r.blocks) != 1 for r in op.regions):
        yield "has a region that is not one block"


def _attributes(op: Op, definition: OpDef, extra: frozenset[str]) -> Iterator[str]:
    declared = {**definition.optional, **definition.required}
    for name in definition.required:
        if name not in op.attributes:
            yield f"lacks the attribute {name}"
    for name, value in op.attributes.items():
        kinds = declared.get(name)
        if kinds is None:
            if "." not in name and name not in extra:
                yield f"has an unknown attribute {name}"
        elif not any(fits(value, kind) for kind in kinds):
            yield f"{name} is {_shown(value)}, not {' or '.join(_spoken(k) for k in kinds)}"
        yield from field_problems(name, value)


def _shown(value: object) -> str:
    try:
        text = attribute_text(value)  # type: ignore[arg-type]
    except Exception:  # whatever stands there, the complaint must still be made
        text = repr(value)
    return text if len(text) < 80 else text[:77] + "..."


def _spoken(kind: type) -> str:
    if issubclass(kind, Attribute):
        return f"#{kind.attr_name}<...>"
    words = {"tuple": "an array", "dict": "a dictionary", "str": "a string", "int": "an integer", "float": "a float"}
    words |= {"bool": "true or false", "SymExpr": "#sym.expr<...>", "SymbolRef": "@symbol", "DenseArray": "array<...>"}
    return words.get(kind.__name__, "a type" if issubclass(kind, Type) else kind.__name__)
