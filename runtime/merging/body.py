"""The body of a merged region while it grows: ONNX ops with the types of their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from heliograph.ir.core import AttributeValue, Block, DenseArray, Op, SymExpr, TensorType, Value
from heliograph.ir.dialects import WeightRef
from heliograph.runtime.merging.maps import ONE, NotPlainError

_LEAVES = ("helio.weight", "helio.none")


class Body:
    """Ops of a region, and what stands in it for each value outside."""

    def __init__(self, sources: Mapping[Value, Op]) -> None:
        self._sources = sources
        self._inside: dict[Value, Value] = {}
        self._numbers: dict[tuple[int, ...], Value] = {}
        self.arguments: dict[Value, Value] = {}  # value outside -> argument of the block
        self.ops: list[Op] = []
        self.loc = ""  # of the ops that are added next

    def value(self, outside: Value) -> Value:
        """What stands for a value: made in the body, a copy of a weight, or else an argument."""
        if outside not in self._inside:
            origin = self._sources.get(outside)
            while origin is not None and origin.name == "sched.send":
                origin = self._sources.get(origin.operands[0])
            if origin is not None and origin.name in _LEAVES:
                self._inside[outside] = self._append(origin.clone({}))
            else:
                argument = Value(outside.type, outside.name)
                self._inside[outside] = self.arguments[outside] = argument
        return self._inside[outside]

    def stand_for(self, outside: Value, inside: Value) -> None:
        """Say which value of the body a value outside is."""
        inside.name = inside.name or outside.name
        self._inside[outside] = inside

    def include(self, block: Block, operands: Sequence[Value]) -> list[Value]:
        """Copy the ops of a region's block; gives what it yields."""
        mapping = dict(zip(block.args, (self.value(v) for v in operands), strict=True))
        self.ops += [op.clone(mapping) for op in block.ops[:-1]]
        return [mapping[v] for v in block.ops[-1].operands]

    def onnx(
        self, op_type: str, operands: Sequence[Value], dims: Sequence[SymExpr], **attributes: AttributeValue
    ) -> Value:
        """Add an ONNX op whose result has the elements of its first operand."""
        kind = operands[0].type
        assert isinstance(kind, TensorType)
        return self._append(Op(f"onnx.{op_type}", operands, [TensorType(kind.element, tuple(dims))], attributes))

    def cut(self, value: Value, parts: Mapping[int, tuple[int, int]], sizes: Sequence[SymExpr]) -> Value:
        """The parts of some dimensions; `sizes` are those of the result."""
        if not parts:
            return value
        starts, ends = zip(*parts.values(), strict=True)
        return self.onnx("Slice", [value, *(self._ints(n) for n in (starts, ends, tuple(parts)))], sizes)

    def transpose(self, value: Value, order: Sequence[int], sizes: Sequence[SymExpr]) -> Value:
        """Dimensions in another order; `sizes` are those of the result."""
        if list(order) == sorted(order):
            return value
        return self.onnx("Transpose", [value], sizes, perm=DenseArray("i64", tuple(order)))

    def reshape(self, value: Value, old: Sequence[SymExpr], new: Sequence[SymExpr]) -> Value:
        """The same elements in other sizes. Raises NotPlainError when several sizes are found only while running."""
        if list(old) == list(new):
            return value
        if [d for d in old if d != ONE] == [d for d in new if d != ONE]:
            removed = tuple(i for i, d in enumerate(old) if d == ONE)
            added = tuple(i for i, d in enumerate(new) if d == ONE)
            if removed:
                value = self.onnx("Squeeze", [value, self._ints(removed)], [d for d in old if d != ONE])
            return self.onnx("Unsqueeze", [value, self._ints(added)], new) if added else value
        spelled = tuple(
            int(size) if size.is_constant else 0 if position < len(old) and old[position] == size else -1
            for position, size in enumerate(new)
        )
        if spelled.count(-1) > 1:
            raise NotPlainError(f"sizes {', '.join(map(str, old))} as {', '.join(map(str, new))}")
        return self.onnx("Reshape", [value, self._ints(spelled)], new)

    def _ints(self, values: tuple[int, ...]) -> Value:
        if values not in self._numbers:
            data = np.asarray(values, "<i8").tobytes().hex()
            kind = TensorType.of("i64", len(values))
            weight = Op("helio.weight", [], [kind], {"ref": WeightRef(f"numbers.{data}", data=data)})
            self._numbers[values] = self._append(weight)
        return self._numbers[values]

    def _append(self, op: Op) -> Value:
        op.loc = op.loc or self.loc
        self.ops.append(op)
        return op.result


def shape_op(value: Value) -> Op:
    """The sizes of a tensor, as an int64 vector."""
    assert isinstance(value.type, TensorType)
    return Op("onnx.Shape", [value], [TensorType.of("i64", value.type.rank)])
