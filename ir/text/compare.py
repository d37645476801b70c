"""Are two modules the same? Types of attribute values count: 1, 1.0 and true differ; so do 0.0 and -0.0."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import fields
from itertools import zip_longest

from heliograph.ir.core import Attribute, AttributeValue, DenseArray, DialectType, FunctionType, Op, TensorType, Value
from heliograph.ir.text.names import Names
from heliograph.ir.text.printer import ISOLATED


def structurally_equal(a: Op, b: Op, *, locations: bool = True, names: bool = True) -> bool:
    """True when `difference` finds none."""
    return not difference(a, b, locations=locations, names=names)


def difference(a: Op, b: Op, *, locations: bool = True, names: bool = True) -> str:
    """The first difference between two ops and all that is nested in them, in words; empty when there is none.

    Names of values are compared as the printer spells them.
    """
    return next(_Comparison(locations, names).ops(a, b, ""), "")


def same_value(a: AttributeValue, b: AttributeValue) -> bool:
    """Equality of attribute values that tells types, signed zeros and NaNs apart."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float) and isinstance(b, float):
        return struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same_value(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_value(v, b[k]) for k, v in a.items())
    if isinstance(a, Attribute | DenseArray | DialectType | FunctionType | TensorType):
        return all(same_value(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))  # type: ignore[arg-type]
    return a == b


class _Comparison:
    def __init__(self, locations: bool, names: bool) -> None:
        self._locations, self._compare_names = locations, names
        self._same: dict[Value, Value] = {}
        self._left, self._right = Names(), Names()

    def ops(self, a: Op, b: Op, path: str) -> Iterator[str]:
        here = f"{path}/{a.name}"
        if a.name != b.name:
            yield f"{path}: {a.name} against {b.name}"
            return
        saved = (self._left.scope(), self._right.scope()) if a.name in ISOLATED else None
        if self._locations and a.loc != b.loc:
            yield f"{here}: loc {a.loc!r} against {b.loc!r}"
        if a.attributes.keys() != b.attributes.keys():
            yield f"{here}: attributes {sorted(a.attributes)} against {sorted(b.attributes)}"
        for key, value in a.attributes.items():
            if key not in b.attributes or not same_value(value, b.attributes[key]):
                yield f"{here}: {key} = {value!r} against {b.attributes.get(key)!r}"
        if len(a.operands) != len(b.operands):
            yield f"{here}: {len(a.operands)} operands against {len(b.operands)}"
        for i, (x, y) in enumerate(zip(a.operands, b.operands, strict=False)):
            if self._same.get(x) is not y:
                yield f"{here}: operand {i} is another value"
        if self._left.define_results(a) != self._right.define_results(b) and self._compare_names:
            yield f"{here}: results {[r.name for r in a.results]} against {[r.name for r in b.results]}"
        yield from self._values(a.results, b.results, here)
        yield from self._regions(a, b, here)
        if saved:
            self._left.leave(saved[0])
            self._right.leave(saved[1])

    def _regions(self, a: Op, b: Op, here: str) -> Iterator[str]:
        left, right = ([[(blk.args, blk.ops) for blk in r.blocks] for r in op.regions] for op in (a, b))
        if [len(r) for r in left] != [len(r) for r in right]:
            yield f"{here}: another number of regions or blocks"
        for region_a, region_b in zip(left, right, strict=False):
            for (args_a, ops_a), (args_b, ops_b) in zip(region_a, region_b, strict=False):
                for x, y in zip(args_a, args_b, strict=False):
                    if self._left.define(x) != self._right.define(y) and self._compare_names:
                        yield f"{here}: argument {x.name!r} against {y.name!r}"
                yield from self._values(args_a, args_b, here)
                for i, (p, q) in enumerate(zip_longest(ops_a, ops_b)):
                    if p is None or q is None:
                        yield f"{here}: {len(ops_a)} ops against {len(ops_b)}"
                        return
                    yield from self.ops(p, q, f"{here}[{i}]")

    def _values(self, a: list[Value], b: list[Value], here: str) -> Iterator[str]:
        if len(a) != len(b):
            yield f"{here}: {len(a)} values against {len(b)}"
        for x, y in zip(a, b, strict=False):
            self._same[x] = y
            if not same_value(x.type, y.type):
                yield f"{here}: type {x.type} against {y.type}"
