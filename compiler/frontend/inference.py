"""Types and shapes by ONNX's own inference: contradictions of the model are told, failures of inference are not."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
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
# what inference says when a declared shape is at odds with the computed one; exporters err, and the computed one wins
_DECLARED = re.compile(r"existing shape|inferred shape and|Inferred elem type differs|unspecified|not supported", re.I)


def infer_types(model: onnx_ir.Model) -> None:
    """Infer types and shapes in place, as far as possible. Raises HeliographError HG1002 for every contradiction."""
    import onnx

    proto = _without_weights(model)
    try:
        inferred = onnx.shape_inference.infer_shapes(proto, check_type=True, strict_mode=True, data_prop=True)
    except Exception as problem:  # of several types, by way of C++
        _contradictions(str(problem)).raise_if_errors()
        try:
            inferred = onnx.shape_inference.infer_shapes(proto, data_prop=True)
        except Exception:
            return  # nodes whose types stay unknown run on electronics
    _merge(model, inferred)


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
    return proto


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
        if not _DECLARED.search(message):
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
