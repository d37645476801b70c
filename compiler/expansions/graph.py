"""Emits ONNX ops of the graph level, for spelling out operators."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from heliograph.ir.core import AttributeValue, Op, Region, SymExpr, TensorType, Type, Value, sym
from heliograph.ir.dialects import WeightRef
from heliograph.ir.names import PART_OF


class Graph:
    """A growing list of ops that stand for one source node, all named after it."""

    def __init__(self, loc: str) -> None:
        self.loc = loc
        self.ops: list[Op] = []

    def emit(
        self,
        op_type: str,
        operands: Sequence[Value],
        results: Sequence[Type],
        *,
        suffix: str = "",
        regions: Sequence[Region] = (),
        **attributes: AttributeValue,
    ) -> list[Value]:
        """Append an op and give its results."""
        loc = f"{self.loc}{PART_OF}{suffix or f'{op_type}_{len(self.ops)}'}"
        named = {k.replace("helio_", "helio."): v for k, v in attributes.items()}
        op = Op(f"onnx.{op_type}", operands, results, named, regions, loc=loc)
        self.ops.append(op)
        return op.results

    def one(
        self, op_type: str, operands: Sequence[Value], result: Type, *, suffix: str = "", **more: AttributeValue
    ) -> Value:
        """Append an op with one result and give it."""
        return self.emit(op_type, operands, [result], suffix=suffix, regions=(), **more)[0]

    def int64s(self, *values: int) -> Value:
        """A constant vector."""
        data = struct.pack(f"<{len(values)}q", *values).hex()
        kind = TensorType.of("i64", len(values))
        ref = WeightRef(f"{self.loc}.i64.{data}", data=data)
        op = Op("helio.weight", [], [kind], {"ref": ref}, loc=self.loc)
        self.ops.append(op)
        return op.result

    def like(self, value: Value, *dims: SymExpr | int) -> TensorType:
        """A tensor type with the element of `value` and these sizes."""
        assert isinstance(value.type, TensorType)
        return TensorType(value.type.element, tuple(sym(d) for d in dims))

    def unsqueeze(self, value: Value, axis: int) -> Value:
        """Insert a dimension of size 1."""
        dims = list(dims_of(value))
        dims.insert(axis, sym(1))
        return self.one("Unsqueeze", [value, self.int64s(axis)], self.like(value, *dims))

    def split(self, value: Value, axis: int, parts: int) -> list[Value]:
        """Cut a dimension into equal parts."""
        dims = list(dims_of(value))
        share = dims[axis] // parts
        dims[axis] = share
        kinds = [self.like(value, *dims)] * parts
        if parts == 1:
            return [value]
        return self.emit("Split", [value, self.int64s(*[int(share)] * parts)], kinds, axis=axis)

    def squeeze(self, value: Value, axis: int) -> Value:
        """Drop a dimension of size 1."""
        dims = [d for i, d in enumerate(dims_of(value)) if i != axis]
        return self.one("Squeeze", [value, self.int64s(axis)], self.like(value, *dims))

    def concat(self, values: Sequence[Value], axis: int) -> Value:
        """Join along a dimension."""
        if len(values) == 1:
            return values[0]
        dims = list(dims_of(values[0]))
        dims[axis] = sum((dims_of(v)[axis] for v in values), sym(0))
        return self.one("Concat", values, self.like(values[0], *dims), axis=axis)

    def binary(self, op_type: str, a: Value, b: Value) -> Value:
        """Elementwise, shaped as the first operand."""
        return self.one(op_type, [a, b], a.type)

    def unary(self, op_type: str, value: Value) -> Value:
        """Elementwise."""
        return self.one(op_type, [value], value.type)


def dims_of(value: Value) -> tuple[SymExpr, ...]:
    """Sizes that the expansion itself has set."""
    assert isinstance(value.type, TensorType)
    assert value.type.shape is not None
    return value.type.shape
