"""Which values are never negative, so that light carries them in one pass."""

from __future__ import annotations

import numpy as np

from heliograph.ir.core import Op, ScalarType, TensorType, Value
from heliograph.ir.dialects import WeightRef

_ALWAYS = frozenset(
    "Relu Sigmoid Softmax Exp Abs HardSigmoid Softplus ReduceL1 ReduceL2 ReduceSumSquare Sqrt Shape Size "
    "NonZero OneHot".split()
)
# never negative when every (real-valued) operand is not; the comment of each group says why
_KEEPS = frozenset(
    "Identity Reshape Flatten Squeeze Unsqueeze Transpose Concat Split Slice Gather GatherElements GatherND Expand "
    "Tile DepthToSpace SpaceToDepth Dropout Cast MaxPool AveragePool GlobalAveragePool GlobalMaxPool "  # rearrange
    "Add Mul Div Sum Mean Max Min ReduceMax ReduceMin ReduceSum ReduceMean ReduceProd MatMul Einsum Where".split()
)


class SignAnalysis:
    """A forward analysis: feed ops in order with `visit`, then ask `is_non_negative`."""

    def __init__(self) -> None:
        self._known: set[Value] = set()

    def is_non_negative(self, value: Value) -> bool:
        """True when no element of the value can be below zero."""
        return value in self._known

    def visit(self, op: Op) -> None:
        """Learn about the results of one op (of the partitioned level)."""
        if op.name == "electronic.region":
            self._region(op)
        elif op.name == "helio.weight":
            ref = op.attributes["ref"]
            assert isinstance(ref, WeightRef)
            if ref.data and self._tiny_is_non_negative(op, ref):
                self._known.add(op.result)
        elif op.name == "optical.gemm":
            if all(v in self._known for v in op.operands):
                self._known.add(op.result)
        elif self._onnx_is_non_negative(op):
            self._known.update(op.results)

    def _region(self, op: Op) -> None:
        for outer, inner in zip(op.operands, op.body.args, strict=True):
            if outer in self._known:
                self._known.add(inner)
        for inner_op in op.body.ops[:-1]:
            self.visit(inner_op)
        for inner, result in zip(op.body.ops[-1].operands, op.results, strict=True):
            if inner in self._known:
                self._known.add(result)

    def _onnx_is_non_negative(self, op: Op) -> bool:
        kind = op.name.removeprefix("onnx.")
        if kind in _ALWAYS:
            return True
        if kind == "Max":
            return any(v in self._known for v in op.operands)
        if kind == "Clip":
            return op.operands[0] in self._known or (len(op.operands) > 1 and op.operands[1] in self._known)
        if kind == "Mul" and op.operands[0] is op.operands[1]:
            return True
        if kind == "Pad":
            return op.operands[0] in self._known and (len(op.operands) < 3 or op.operands[2] in self._known)
        if kind in ("Gather", "Slice", "Reshape", "Expand", "Tile", "Unsqueeze", "Squeeze", "Split", "Where"):
            data = op.operands[1:] if kind == "Where" else op.operands[:1]
            return all(v in self._known for v in data)
        if kind not in _KEEPS:
            return False
        return all(v in self._known for v in op.operands if v.type != ScalarType("none"))

    @staticmethod
    def _tiny_is_non_negative(op: Op, ref: WeightRef) -> bool:
        formats = {"f32": "<f4", "f64": "<f8", "f16": "<f2", "i64": "<i8", "i32": "<i4"}
        kind = op.result.type
        assert isinstance(kind, TensorType)
        element = kind.element.name if isinstance(kind.element, ScalarType) else ""
        if element not in formats:
            return False
        return bool((np.frombuffer(bytes.fromhex(ref.data), formats[element]) >= 0).all())
