"""An independent count of a model's multiply-accumulates: shapes from onnxruntime, formulas from the textbooks."""

from __future__ import annotations

import math

import numpy as np
import onnx
import onnxruntime as ort

COUNTED = ("MatMul", "Gemm", "Conv", "ConvTranspose", "Einsum", "LSTM", "GRU", "Attention")


def session(model: onnx.ModelProto, *, optimize: bool = True) -> ort.InferenceSession:
    """onnxruntime on one thread, silent."""
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    if not optimize:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def count(model: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> int:
    """MACs of all contractions of the main graph, zeros of padding included."""
    shapes = _shapes(model, feeds)
    return sum(_macs(n, shapes) for n in model.graph.node if n.op_type in COUNTED)


def _shapes(model: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> dict[str, tuple[int, ...]]:
    """Shape of every value of the main graph, by making each an output."""
    open_model = onnx.ModelProto.FromString(model.SerializeToString())
    known = {o.name for o in model.graph.output}
    names = [o for n in model.graph.node for o in n.output if o and o not in known]
    open_model.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names)
    runner = session(open_model, optimize=False)
    outputs = [o.name for o in runner.get_outputs()]
    shapes = {n: np.shape(v) for n, v in zip(outputs, runner.run(outputs, feeds), strict=True)}
    shapes.update({n: v.shape for n, v in feeds.items()})
    shapes.update({t.name: tuple(t.dims) for t in model.graph.initializer})
    return shapes


def _macs(node: onnx.NodeProto, shapes: dict[str, tuple[int, ...]]) -> int:
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    first, second = shapes[node.input[0]], shapes[node.input[1]]
    result = math.prod(next(shapes[o] for o in node.output if o))
    if node.op_type == "MatMul":
        return result * first[-1]
    if node.op_type == "Gemm":
        return result * first[0 if attributes.get("transA") else 1]
    if node.op_type == "Conv":
        return result * math.prod(second[1:])
    if node.op_type == "ConvTranspose":
        return math.prod(first) * math.prod(second[1:])
    if node.op_type == "Einsum":
        terms = attributes["equation"].decode().partition("->")[0].split(",")
        sizes = {c: s for t, shape in zip(terms, (first, second), strict=True) for c, s in zip(t, shape, strict=True)}
        return math.prod(sizes.values())
    if node.op_type == "Attention":  # 3-D operands: queries times all keys, and their weights times all values
        width, kept = first[-1], shapes[node.output[1]][2]
        return 2 * first[0] * first[1] * kept * width
    steps, batch, features = first
    directions, gates_hidden, hidden = shapes[node.input[2]]
    return steps * batch * directions * gates_hidden * (features + hidden)
