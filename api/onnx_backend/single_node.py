"""A model around one node, typed by the values that it is to be run on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TypeProto, helper


def model_of(
    node: onnx.NodeProto,
    feeds: Mapping[str, Any],
    opset: int,
    outputs_info: Sequence[tuple[Any, tuple[int, ...]]] | None = None,
) -> onnx.ModelProto:
    """The node as a model; outputs are typed by `outputs_info` (dtype, shape) or left to shape inference."""
    inputs = [onnx.ValueInfoProto(name=name, type=type_of(value)) for name, value in feeds.items()]
    named = [name for name in node.output if name]
    outputs = [onnx.ValueInfoProto(name=name) for name in named]
    for value, (dtype, shape) in zip(outputs, outputs_info or (), strict=False):
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        value.type.CopyFrom(helper.make_tensor_type_proto(kind, shape))
    graph = helper.make_graph([node], node.op_type or "node", inputs, outputs)
    imports = [helper.make_opsetid("", opset)]
    if node.domain not in ("", "ai.onnx"):
        versions = [s.since_version for s in onnx.defs.get_all_schemas_with_history() if s.domain == node.domain]
        imports.append(helper.make_opsetid(node.domain, max(versions, default=1)))
    model = helper.make_model(graph, opset_imports=imports)
    if outputs_info is None:
        inferred = onnx.shape_inference.infer_shapes(model)
        return model if any(not o.HasField("type") for o in inferred.graph.output) else inferred
    return model


def type_of(value: Any) -> TypeProto:
    """The ONNX type of a value: arrays, lists as sequences, None as an empty optional tensor."""
    if value is None:
        return helper.make_optional_type_proto(helper.make_tensor_type_proto(onnx.TensorProto.FLOAT, None))
    if isinstance(value, list | tuple):
        return helper.make_sequence_type_proto(type_of(value[0] if value else np.zeros((), np.float32)))
    array = np.asarray(value)
    if array.dtype.kind in "OUT":
        return helper.make_tensor_type_proto(onnx.TensorProto.STRING, array.shape)
    return helper.make_tensor_type_proto(helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
