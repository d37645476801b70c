"""From a path, bytes or a ModelProto to a checked ModelProto whose external data stays on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from heliograph.compiler.frontend.names import bodies_of, check_names
from heliograph.compiler.frontend.tensors import check_tensors
from heliograph.ir.diagnostics import Diagnostics, error
from heliograph.ir.levels import EXTENSIONS

if TYPE_CHECKING:
    import onnx

MAX_MODEL_BYTES = 2**31 - 1  # protobuf's own limit
_ONNXRUNTIME = "com.microsoft"
_EXPORT_AGAIN = "export the model again, or run onnx.checker.check_model on it"


def read_model(source: str | Path | bytes | onnx.ModelProto) -> tuple[onnx.ModelProto, Path | None]:
    """The model and the folder of its external data (None when the model has no file).

    Raises HeliographError HG1001 (file), HG1002 (not valid ONNX), HG1003 (external data out of bounds), HG1004
    (operators that nobody knows), the last three with every problem found.
    """
    import onnx

    roots: list[Path]
    if isinstance(source, onnx.ModelProto):
        model, roots, label = source, [], "the model"
    elif isinstance(source, bytes):
        label, roots = "the model", []
        model = _parse(source, label)
    else:
        path = Path(source)
        label, roots = f"'{path}'", [path.absolute().parent]
        model = _parse(_read_bytes(path), label)
        if path.is_symlink():  # as in download caches, where model and data are both links into one store
            roots.append(path.resolve().parent)
    _check(model, label, roots)
    return model, roots[0] if roots else None


def _read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise error("HG1001", f"'{path}' is a folder", remedy="name the .onnx file in it")
    try:
        size = path.stat().st_size
        if size > MAX_MODEL_BYTES:
            raise error("HG1001", f"'{path}' has {size} bytes; ONNX files end at 2 GiB", remedy="use external data")
        data = path.read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise error("HG1001", f"'{path}': {reason}", remedy="check the path and its permissions") from problem
    if not data:
        raise error("HG1001", f"'{path}' is empty", remedy=_EXPORT_AGAIN)
    return data


def _parse(data: bytes, label: str) -> onnx.ModelProto:
    import onnx
    from google.protobuf.message import DecodeError

    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except DecodeError as problem:
        raise error("HG1002", f"{label} is not an ONNX model or is cut short", remedy=_EXPORT_AGAIN) from problem
    if not model.HasField("graph") or not model.opset_import:
        raise error("HG1002", f"{label} has no graph or no opset: not an ONNX model", remedy=_EXPORT_AGAIN)
    return model


def _check(model: onnx.ModelProto, label: str, roots: Sequence[Path]) -> None:
    """Raise for everything that is wrong with a model; its weights are neither copied nor read."""
    import onnx
    from onnx.checker import ValidationError

    _check_text(model.graph, label)
    problems = Diagnostics()
    check_tensors(model.graph, roots, problems)
    check_names(model, problems)
    problems.raise_if_errors()
    try:
        onnx.checker.check_model(_without_weights(model))
    except ValidationError as problem:
        text = str(problem).strip().split("\n\n==>")[0]
        raise error("HG1002", f"{label}: {text}", remedy=_EXPORT_AGAIN) from problem
    except UnicodeDecodeError as problem:  # the checker's own message quotes damaged text
        raise error("HG1002", f"{label} holds text that is not UTF-8", remedy=_EXPORT_AGAIN) from problem


def _without_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model for ONNX's checker, which copies it whole and refuses absent data files: weights become inputs."""
    import onnx

    bare = onnx.ModelProto()
    for name in ("ir_version", "producer_name", "domain", "model_version"):
        setattr(bare, name, getattr(model, name))
    bare.opset_import.extend(model.opset_import)
    bare.functions.extend(model.functions)
    graph = bare.graph
    graph.name = model.graph.name
    graph.node.extend(model.graph.node)
    if _move_extensions(graph) and all(o.domain != _ONNXRUNTIME for o in bare.opset_import):
        bare.opset_import.add(domain=_ONNXRUNTIME, version=1)
    graph.input.extend(model.graph.input)
    graph.output.extend(model.graph.output)
    for value in (*graph.input, *graph.output):  # the checker wants shapes, which nobody else needs
        if value.type.HasField("tensor_type"):
            value.type.tensor_type.shape.SetInParent()
    declared = {v.name for v in model.graph.input}
    for tensor in model.graph.initializer:
        if tensor.name not in declared:
            graph.input.append(onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    graph.sparse_initializer.extend(model.graph.sparse_initializer)
    return bare


def _move_extensions(graph: onnx.GraphProto) -> bool:
    """Put operators that onnxruntime adds to ONNX's domain into its own, which the checker passes over."""
    found = False
    for node in graph.node:
        if node.domain in ("", "ai.onnx") and node.op_type in EXTENSIONS:
            node.domain, found = _ONNXRUNTIME, True
        for body in bodies_of(node):
            found |= _move_extensions(body)
    return found


def _check_text(graph: onnx.GraphProto, label: str) -> None:
    """Names must be text: protobuf hands out damaged UTF-8 as bytes."""
    values = [*graph.input, *graph.output, *graph.value_info]
    names: list[object] = [graph.name, *(v.name for v in (*values, *graph.initializer, *graph.node))]
    names += [d.dim_param for v in values for d in v.type.tensor_type.shape.dim]
    for node in graph.node:
        names += [node.op_type, node.domain, *node.input, *node.output]
    damaged = next((n for n in names if not isinstance(n, str)), None)
    if damaged is not None:
        raise error("HG1002", f"{label} holds a name that is not UTF-8: {damaged!r}", remedy=_EXPORT_AGAIN)
