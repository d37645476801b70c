"""An independent count of a model's multiply-accumulates: shapes from onnxruntime, formulas from the textbooks."""

from __future__ import annotations

import math

import numpy as np
import onnx
import onnxruntime as ort

COUNTED = ("MatMul", "Gemm", "Conv", "ConvTranspose", "Einsum", "LSTM", "GRU", "RNN", "MatMulInteger", "ConvInteger")


def run_all_values(model: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Every value of the main graph, by making each an output."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    names = [o for n in model.graph.node for o in n.output if o]
    known = {o.name for o in model.graph.output}
    model.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names if n not in known)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    outputs = [o.name for o in session.get_outputs()]
    values = dict(zip(outputs, session.run(outputs, feeds), strict=True))
    values.update(feeds)
    values.update({t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer})
    return values


def count_macs(model: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> int:
    """MACs of all contractions of the main graph, zeros of padding included."""
    values = run_all_values(model, feeds)
    return sum(_macs(n, values) for n in model.graph.node if n.op_type in COUNTED)


def _macs(node: onnx.NodeProto, values: dict[str, np.ndarray]) -> int:
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    first, second = values[node.input[0]], values[node.input[1]]
    result = next((values[o] for o in node.output if o in values), None)
    assert result is not None
    if node.op_type in ("MatMul", "MatMulInteger"):
        return int(result.size) * first.shape[-1]
    if node.op_type == "Gemm":
        return int(result.size) * first.shape[0 if attributes.get("transA") else 1]
    if node.op_type in ("Conv", "ConvInteger"):
        return int(result.size) * math.prod(second.shape[1:])
    if node.op_type == "ConvTranspose":
        return int(first.size) * math.prod(second.shape[1:])
    if node.op_type == "Einsum":
        left, _, _ = attributes["equation"].decode().replace(" ", "").partition("->")
        hidden = "XYZ"[: first.ndim - len(left.split(",")[0].replace("...", ""))]  # stand for the ellipsis
        terms = left.replace("...", hidden).split(",")
        sizes = {c: s for t, v in zip(terms, (first, second), strict=True) for c, s in zip(t, v.shape, strict=True)}
        return math.prod(sizes.values())
    recurrent = values[node.input[2]]
    steps, batch, features = first.shape
    directions, gates_hidden, hidden = recurrent.shape
    return steps * batch * directions * gates_hidden * (features + hidden)
