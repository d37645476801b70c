"""ONNX's reference evaluator as a last resort: 10 to 1000 times slower than onnxruntime, and complete."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from heliograph.ir.weights import Array

if TYPE_CHECKING:
    import onnx


class ReferencePiece:
    """A model on the reference evaluator. Raises on creation when an operator has no definition at all."""

    def __init__(self, model: onnx.ModelProto) -> None:
        from onnx.reference import ReferenceEvaluator

        self.inputs = tuple(v.name for v in model.graph.input)
        self.outputs = tuple(v.name for v in model.graph.output)
        self._evaluator = ReferenceEvaluator(model)
        self._types = [v.type for v in model.graph.output]

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        """Outputs in order."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # overflow in casts and the like are part of the definition
            found: Any = self._evaluator.run(None, {n: values[n] for n in self.inputs})
        return [_typed(value, kind) for value, kind in zip(found, self._types, strict=True)]


def _typed(value: Any, kind: onnx.TypeProto) -> Any:
    """The value as an array of the declared element type, from which some definitions stray."""
    if not kind.HasField("tensor_type") or value is None:
        return value
    array: Array = np.asarray(value)
    if array.dtype.kind in "OUT":
        return array.astype(object)
    if not kind.tensor_type.elem_type:
        return array
    from onnx.helper import tensor_dtype_to_np_dtype

    wanted = tensor_dtype_to_np_dtype(kind.tensor_type.elem_type)
    return array if array.dtype == wanted else array.astype(wanted)
