"""Writes a module as bytes."""

from __future__ import annotations

import struct
import zlib
from array import array
from typing import Any

import msgspec

from heliograph.ir.bytecode.layout import HEADER, LONG_EXPR, MAGIC, VERSION, Tag
from heliograph.ir.core import (
    Attribute,
    DenseArray,
    DialectType,
    FunctionType,
    Op,
    ScalarType,
    SymbolRef,
    SymExpr,
    TensorType,
    UnknownAttribute,
    Value,
)
from heliograph.ir.diagnostics import error
from heliograph.ir.text.limits import MAX_NESTING


def encode(module: Op) -> bytes:
    """The bytes of a module. Raises HeliographError where it holds what the IR has not."""
    table = _Table()
    ops = _Ops(table)
    ops.op(module, 0)
    stream = [table.count, *table.stream, *ops.stream]
    floats = struct.pack(f"<{len(table.floats)}Q", *table.floats)
    sections = (msgspec.msgpack.encode(list(table.strings)), floats, msgspec.msgpack.encode(stream))
    body = b"".join(sections)
    lengths = [len(s) for s in sections]
    checksum = zlib.crc32(struct.pack("<HIII", VERSION, *lengths) + body)
    return HEADER.pack(MAGIC, VERSION, checksum, *lengths) + body


class _Table:
    """Interns strings, floats, and types and attributes."""

    def __init__(self) -> None:
        self.strings: dict[bytes, int] = {}
        self.floats: dict[int, int] = {}
        self.stream: list[int] = []
        self.count = 0
        self._spelled: dict[str, int] = {}
        self._by_identity: dict[int, int] = {}  # the module keeps its objects alive while it is written
        self._by_expr: dict[SymExpr, int] = {}
        self._last_sum = SymExpr(())
        self._by_parts: dict[tuple[int, ...], int] = {}

    def string(self, text: str) -> int:
        index = self._spelled.get(text)
        if index is None:
            try:
                raw = text.encode("utf-8", "surrogateescape")
            except UnicodeEncodeError:
                raise error("HG1102", f"{text!r} holds half of a surrogate pair") from None
            index = self._spelled[text] = self.strings.setdefault(raw, len(self.strings))
        return index

    def float(self, value: float) -> int:
        (bits,) = struct.unpack("<Q", struct.pack("<d", value))
        return self.floats.setdefault(bits, len(self.floats))

    def entry(self, value: Any, depth: int = 0) -> int:
        """The number of a type or attribute in the table."""
        if isinstance(value, SymExpr):
            index = self._by_expr.get(value)
        else:
            index = self._by_identity.get(id(value))
        if index is None:
            if depth > MAX_NESTING:
                raise error("HG1102", f"a type or attribute is nested more than {MAX_NESTING} deep")
            parts = self._parts(value, depth + 1)
            index = self._by_parts.get(parts)
            if index is None:
                index = self._by_parts[parts] = self.count
                self.count += 1
                self.stream += parts
            if isinstance(value, SymExpr):
                self._by_expr[value] = index
            elif not isinstance(value, bool | int | float | str):
                self._by_identity[id(value)] = index
        return index

    def _pairs(self, entries: Any, depth: int) -> list[int]:
        return [n for key, value in entries for n in (self.string(key), self.entry(value, depth))]

    def _parts(self, value: Any, depth: int) -> tuple[int, ...]:
        if value is True or value is False:
            return (Tag.TRUE if value else Tag.FALSE,)
        if isinstance(value, str):
            return (Tag.STRING, self.string(value))
        if isinstance(value, int):
            small = -(2**63) <= value < 2**63
            return (Tag.INT, value) if small else (Tag.BIG_INT, self.string(f"{value:x}"))
        if isinstance(value, float):
            return (Tag.FLOAT, self.float(value))
        if isinstance(value, SymExpr):
            return self._expr(value, depth)
        if isinstance(value, ScalarType):
            return (Tag.SCALAR, self.string(value.name))
        if isinstance(value, SymbolRef):
            return (Tag.SYMBOL, self.string(value.name))
        if isinstance(value, TensorType):
            dims = [0 if d is None else self.entry(d, depth) + 1 for d in value.dims or ()]
            rank = 0 if value.dims is None else len(dims) + 1
            return (Tag.TENSOR, self.entry(value.element, depth), rank, *dims)
        if isinstance(value, DenseArray):
            return self._dense(value, depth)
        if isinstance(value, tuple):
            return (Tag.TUPLE, len(value), *[self.entry(v, depth) for v in value])
        if isinstance(value, dict):
            return (Tag.DICT, len(value), *self._pairs(value.items(), depth))
        return self._compound(value, depth)

    def _expr(self, value: SymExpr, depth: int) -> tuple[int, ...]:
        """Short expressions as text; long ones as what changed since the last one, or in halves."""
        if len(value.terms) <= LONG_EXPR // 8 and len(text := str(value)) <= LONG_EXPR:
            return (Tag.EXPR, self.string(text))
        if len(value.terms) > 1:
            first, half = self._last_sum, len(value.terms) // 2
            rest = value - first
            if 2 * len(rest.terms) >= len(value.terms):
                first, rest = SymExpr(value.terms[:half]), SymExpr(value.terms[half:])
            parts = (Tag.SUM, self.entry(first, depth), self.entry(rest, depth))
            self._last_sum = value
            return parts
        ((monomial, coefficient),) = value.terms
        if coefficient != 1 or len(monomial) != 1:
            first, rest = SymExpr(((monomial[:1], 1),)), SymExpr(((monomial[1:], coefficient),))
            return (Tag.PRODUCT, self.entry(first, depth), self.entry(rest, depth))
        (atom,) = monomial
        left, right = atom.args
        return (Tag.APPLY, self.string(atom.name), self.entry(left, depth), self.entry(right, depth))

    def _compound(self, value: Any, depth: int) -> tuple[int, ...]:
        if isinstance(value, DialectType):
            params = [self.entry(p, depth) for p in value.params]
            return (Tag.DIALECT_TYPE, self.string(value.name), len(params), *params)
        if isinstance(value, FunctionType):
            inputs, results = ([self.entry(t, depth) for t in ts] for ts in (value.inputs, value.results))
            return (Tag.FUNCTION, len(inputs), *inputs, len(results), *results)
        if isinstance(value, UnknownAttribute):
            lead = [self.entry(v, depth) for v in value.positional]
            keyed = self._pairs(value.keyed, depth)
            return (Tag.UNKNOWN, self.string(value.name), len(lead), *lead, len(value.keyed), *keyed)
        if isinstance(value, Attribute):
            named = value.params()
            pairs = self._pairs(named.items(), depth)
            return (Tag.ATTRIBUTE, self.string(value.attr_name), len(named), *pairs)
        raise error("HG1102", f"{type(value).__name__} is neither a type nor an attribute value")

    def _dense(self, value: DenseArray, depth: int) -> tuple[int, ...]:
        kinds = {type(v) for v in value.values}
        head = (self.string(value.element), len(value.values))
        if kinds <= {int} and all(-(2**63) <= v < 2**63 for v in value.values):
            return (Tag.DENSE, *head, *array("q", [int(v) for v in value.values]))
        if kinds == {float}:
            return (Tag.DENSE_FLOATS, *head, *[self.float(v) for v in value.values])
        return (Tag.DENSE_MIXED, head[0], self.entry(value.values, depth))


class _Ops:
    def __init__(self, table: _Table) -> None:
        self._table = table
        self._values: dict[Value, int] = {}
        self.stream: list[int] = []

    def op(self, op: Op, depth: int) -> None:
        if depth > MAX_NESTING:
            raise error("HG1102", f"regions are nested more than {MAX_NESTING} deep", node=op.loc, op_type=op.name)
        table, out, values = self._table, self.stream, self._values
        out += (table.string(op.name), table.string(op.loc), len(op.operands))
        try:
            out += [values[v] for v in op.operands]
        except KeyError:
            raise error("HG1103", "an operand is not defined before it", node=op.loc, op_type=op.name) from None
        out.append(len(op.attributes))
        for key, value in op.attributes.items():
            out += (table.string(key), table.entry(value))
        out.append(len(op.regions))
        for region in op.regions:
            out.append(len(region.blocks))
            for block in region.blocks:
                self._define(block.args)
                out.append(len(block.ops))
                for inner in block.ops:
                    self.op(inner, depth + 1)
        self._define(op.results)

    def _define(self, values: list[Value]) -> None:
        self.stream.append(len(values))
        for value in values:
            self._values[value] = len(self._values)
            self.stream += (self._table.entry(value.type), self._table.string(value.name))
