"""Reads the table of types and attributes from the stream of integers."""

from __future__ import annotations

from typing import Any

from heliograph.ir import dialects as _dialects  # declares the attributes that a module may hold
from heliograph.ir.bytecode.layout import MAX_WEIGHT, Tag
from heliograph.ir.core import (
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
    registered_attribute,
)
from heliograph.ir.core.sym import FUNCTIONS, apply
from heliograph.ir.core.symparse import parse_expr
from heliograph.ir.text.limits import MAX_NESTING, MAX_TERMS

assert _dialects.OPDEFS


class Damaged(Exception):
    """The bytes are not what `encode` writes."""


class Entries:
    """A cursor over the stream, and the entries read so far."""

    def __init__(self, stream: list[int], strings: list[str], floats: list[float]) -> None:
        self.stream, self.at = stream, 0
        self._strings, self._floats = strings, floats
        self._entries: list[Any] = []
        # How large an entry is with all that it refers to, and how deep: sharing must not hide an explosion.
        self._weight: list[int] = []
        self._depth: list[int] = []
        self._used: list[int] = []
        self._terms = 0

    def number(self) -> int:
        """The next integer, as a count or an index."""
        value = self.stream[self.at]
        self.at += 1
        if value < 0:
            raise Damaged("a count is negative")
        return value

    def take(self, count: int) -> list[int]:
        """The next `count` integers."""
        taken = self.stream[self.at : self.at + count]
        if len(taken) != count:
            raise Damaged("it ends too early")
        self.at += count
        return taken

    def string(self) -> str:
        """The string that the next integer names."""
        return self._strings[self.number()]

    def attribute(self) -> AttributeValue:
        """The entry that the next integer names."""
        value: AttributeValue = self._entries[self.number()]
        return value

    def type(self) -> Type:
        """The entry that the next integer names, which must be a type."""
        value = self._entries[self.number()]
        if not isinstance(value, Type):
            raise Damaged("an attribute stands where a type belongs")
        return value

    def read_table(self) -> None:
        """Read all entries."""
        for _ in range(self.number()):
            start, self._used = self.at, []
            tag = self.number()
            value = self._entry(tag)
            weight = self.at - start + sum([self._weight[i] for i in self._used])
            depth = (tag not in (Tag.SUM, Tag.PRODUCT)) + max([self._depth[i] for i in self._used], default=0)
            if weight > MAX_WEIGHT or depth > MAX_NESTING + 2:
                raise Damaged("a type or attribute is too large or too deep")
            self._entries.append(value)
            self._weight.append(weight)
            self._depth.append(depth)

    def _part(self) -> Any:
        index = self.number()
        self._used.append(index)
        return self._entries[index]

    def _type_part(self) -> Type:
        value = self._part()
        if not isinstance(value, Type):
            raise Damaged("an attribute stands where a type belongs")
        return value

    def _parts(self) -> tuple[Any, ...]:
        return tuple([self._part() for _ in range(self.number())])

    def _types(self) -> tuple[Type, ...]:
        return tuple([self._type_part() for _ in range(self.number())])

    def _pairs(self) -> dict[str, Any]:
        count = self.number()
        pairs = {self.string(): self._part() for _ in range(count)}
        if len(pairs) != count:
            raise Damaged("a key occurs twice")
        return pairs

    def _entry(self, tag: int) -> Any:
        if tag <= Tag.TRUE:
            return tag == Tag.TRUE
        if tag == Tag.INT:
            return self.take(1)[0]
        if tag == Tag.BIG_INT:
            return int(self.string(), 16)
        if tag == Tag.FLOAT:
            return self._floats[self.number()]
        if tag == Tag.STRING:
            return self.string()
        if tag == Tag.EXPR:
            return parse_expr(self.string())
        if tag in (Tag.SUM, Tag.PRODUCT):
            return self._joined(tag, self._expr_part(), self._expr_part())
        if tag == Tag.APPLY:
            return self._applied(self.string(), self._expr_part(), self._expr_part())
        if tag == Tag.SYMBOL:
            return SymbolRef(self.string())
        if tag == Tag.SCALAR:
            return ScalarType(self.string())
        if tag == Tag.TUPLE:
            return self._parts()
        if tag == Tag.DICT:
            return self._pairs()
        if tag == Tag.TENSOR:
            return self._tensor()
        if tag == Tag.DIALECT_TYPE:
            return DialectType(self.string(), self._parts())
        if tag == Tag.FUNCTION:
            return FunctionType(self._types(), self._types())
        return self._compound(tag)

    def _expr_part(self) -> SymExpr:
        value = self._part()
        if not isinstance(value, SymExpr):
            raise Damaged("something else stands where an expression belongs")
        return value

    def _joined(self, tag: int, left: SymExpr, right: SymExpr) -> SymExpr:
        if tag == Tag.PRODUCT and (len(left.terms) != 1 or len(right.terms) != 1):
            raise Damaged("a product of sums")
        value = left + right if tag == Tag.SUM else left * right
        self._terms += len(value.terms)
        if self._terms > MAX_TERMS:
            raise Damaged("expressions with too many terms")
        return value

    @staticmethod
    def _applied(function: str, left: SymExpr, right: SymExpr) -> SymExpr:
        if function not in FUNCTIONS:
            raise Damaged(f"{function} is no function of sizes")
        return apply(function, left, right)

    def _compound(self, tag: int) -> Any:
        name = self.string()
        if tag == Tag.DENSE:
            return DenseArray(name, tuple(self.take(self.number())))
        if tag == Tag.DENSE_FLOATS:
            indices = self.take(self.number())
            if indices and min(indices) < 0:
                raise Damaged("a float has a negative number")
            return DenseArray(name, tuple([self._floats[i] for i in indices]))
        if tag == Tag.DENSE_MIXED:
            values = self._part()
            if not isinstance(values, tuple) or not all(isinstance(v, int | float) for v in values):
                raise Damaged("an array holds something else than numbers")
            return DenseArray(name, values)
        if tag == Tag.ATTRIBUTE:
            declared = registered_attribute(name)
            if declared is None:
                raise Damaged(f"attribute {name} is not declared")
            return declared.from_params(self._pairs())
        if tag == Tag.UNKNOWN:
            return UnknownAttribute(name, self._parts(), tuple(self._pairs().items()))
        raise Damaged(f"entry of unknown kind {tag}")

    def _tensor(self) -> TensorType:
        element, rank = self._type_part(), self.number()
        if rank == 0:
            return TensorType(element, None)
        dims: list[SymExpr | None] = []
        for number in self.take(rank - 1):
            dim = self._entries[number - 1] if number else None
            if number < 0 or not (dim is None or isinstance(dim, SymExpr)):
                raise Damaged("a dimension is no size")
            dims.append(dim)
        return TensorType(element, tuple(dims))
