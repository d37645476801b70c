"""Types and shapes by ONNX's own inference: contradictions of the model are told, failures of inference are not."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import Diagnostics

if TYPE_CHECKING:
    import onnx
    import onnx_ir

_SHOWN_BYTES = 1000  # inference sees the contents of tensors up to this size
_HEAD = "Inference error(s):"
_PROBLEM = re.compile(
    r"\(op_type:(?P<op>\w+)(?:, node name: (?P<node>[^)]*))?\): (?P<text>.*?)(?=\s*\(op_type:\w+[,)]|\Z)", re.S
)
# what no runtime accepts; other complaints are about sizes that exporters declare wrongly: computed ones replace them
_FATAL = re.compile(r"incompatible dimensions|mismatch|does not have rank|TypeInferenceError", re.I)


def infer_types(model: onnx_ir.Model) -> None:
    """Infer types and shapes in place, as far as possible. Raises HeliographError HG1002 for every contradiction."""
    import onnx

    proto = _without_weights(model)
    infer = onnx.shape_inference.infer_shapes
    try:
        inferred = infer(proto, check_type=True, strict_mode=True, data_prop=True)
    except Exception:  # of several types, by way of C++
        _look_for_contradictions(proto)
        try:
            inferred = infer(proto, data_prop=True)
        except Exception:
            return  # nodes whose types stay unknown run on electronics
    _merge(model, inferred)


def _look_for_contradictions(proto: onnx.ModelProto) -> None:
    """Judge without propagation of contents, which takes every small tensor for a shape and errs."""
    import onnx

    try:
        onnx.shape_inference.infer_shapes(proto, check_type=True, strict_mode=True)
    except Exception as problem:
        _contradictions(str(problem)).raise_if_errors()


def _without_weights(model: onnx_ir.Model) -> onnx.ModelProto:
    """The model as a proto in which larger initializers are inputs; the model itself is as before."""
    import onnx_ir

    graph = model.graph
    large = [v for v in graph.initializers.values() if v.const_value is None or v.const_value.nbytes > _SHOWN_BYTES]
    for value in large:
        tensor = value.const_value
        if tensor is not None:
            value.shape = value.shape or onnx_ir.Shape(tensor.shape.numpy())
            value.type = value.type or onnx_ir.TensorType(tensor.dtype)
        graph.initializers.pop(value.name or "")
        graph.inputs.append(value)
    try:
        proto: onnx.ModelProto = onnx_ir.serde.serialize_model(model)
    finally:
        for value in large:
            graph.inputs.remove(value)
            graph.initializers[value.name or ""] = value
    _shorten_ranges(proto.graph, {t.name: t for t in proto.graph.initializer})
    return proto


def _shorten_ranges(graph: onnx.GraphProto, constants: Mapping[str, onnx.TensorProto]) -> None:
    """Hide the contents of limits of Range that are not small constants: inference writes out all that it counts."""
    import onnx

    given = ((n.output[0], a) for n in graph.node if n.op_type == "Constant" for a in n.attribute)
    constants = {**constants, **{name: a.t for name, a in given if a.HasField("t")}}
    for position in reversed(range(len(graph.node))):
        node = graph.node[position]
        for attribute in node.attribute:
            for body in (attribute.g, *attribute.graphs):
                _shorten_ranges(body, constants)
        if node.op_type == "Range" and not _is_short(node, constants):
            hidden = f"{node.output[0]}.limit"
            graph.node.insert(position, onnx.helper.make_node("Abs", [node.input[1]], [hidden]))
            graph.node[position + 1].input[1] = hidden


def _is_short(node: onnx.NodeProto, constants: Mapping[str, onnx.TensorProto]) -> bool:
    import math

    from onnx import numpy_helper

    tensors = [constants.get(name) for name in node.input]
    values = [numpy_helper.to_array(t).reshape(-1) for t in tensors if t is not None and math.prod(t.dims) == 1]
    if len(values) != 3 or any(v.size != 1 for v in values) or not values[2][0]:
        return False
    start, limit, step = (float(v[0]) for v in values)
    return abs(limit - start) / abs(step) <= _SHOWN_BYTES


def _merge(model: onnx_ir.Model, inferred: onnx.ModelProto) -> None:
    import onnx_ir

    known = onnx_ir.serde.deserialize_model(inferred)
    for graph, other in zip(model.graphs(), known.graphs(), strict=True):
        found = onnx_ir.convenience.create_value_mapping(other)
        for name, value in onnx_ir.convenience.create_value_mapping(graph).items():
            source = found.get(name)
            if source is None:
                continue
            if source.shape is not None:
                value.shape = source.shape
            if source.type is not None:
                value.type = source.type


def _contradictions(text: str) -> Diagnostics:
    """What contradicts itself in the model, by the messages of strict inference."""
    problems = Diagnostics()
    _, found, text = text.partition(_HEAD)
    if not found or _HEAD in text:  # a failure inside a standard function, whose bodies are not always inferrable
        return problems
    for match in _PROBLEM.finditer(text):
        message = " ".join(match["text"].removeprefix("[ShapeInferenceError]").split())
        if _FATAL.search(message):
            problems.report(
                "HG1002",
                f"shapes or types contradict each other: {message.removeprefix('[TypeInferenceError]').strip()}",
                node=match["node"] or "",
                op_type=match["op"],
                remedy="correct the shapes that the model declares",
            )
    return problems


@contextmanager
def quiet(*loggers: str) -> Iterator[None]:
    """Silence loggers of libraries that report what is handled here."""
    sources = [logging.getLogger(name) for name in loggers]
    levels = [source.level for source in sources]
    for source in sources:
        source.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for source, level in zip(sources, levels, strict=True):
            source.setLevel(level)
