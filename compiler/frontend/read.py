"""From a path, bytes or a ModelProto to a checked ModelProto whose external data stays on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import error

if TYPE_CHECKING:
    import onnx

MAX_MODEL_BYTES = 2**31 - 1  # protobuf's own limit
_EXPORT_AGAIN = "export the model again, or run onnx.checker.check_model on it"


def read_model(source: str | Path | bytes | onnx.ModelProto) -> tuple[onnx.ModelProto, Path | None]:
    """The model and the folder of its external data (None when the model has no file).

    Raises HeliographError HG1001 (file), HG1002 (not valid ONNX).
    """
    import onnx

    if isinstance(source, onnx.ModelProto):
        model, folder, label = source, None, "the model"
    else:
        if isinstance(source, bytes):
            data, folder, label = source, None, "the model"
        else:
            path = Path(source)
            data, folder, label = _read_bytes(path), path.resolve().parent, f"'{path}'"
        model = _parse(data, label)
    _check(model, label)
    return model, folder


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


def has_external_data(graph: onnx.GraphProto) -> bool:
    """True when an initializer of the graph lies in a file of its own."""
    return any(t.data_location == t.EXTERNAL for t in graph.initializer)


def _check(model: onnx.ModelProto, label: str) -> None:
    import onnx
    from onnx.checker import ValidationError

    _check_text(model.graph, label)
    if has_external_data(model.graph) or any(o.domain not in ("", "ai.onnx") for o in model.opset_import):
        return  # the checker refuses absent data files and domains that only onnxruntime knows
    try:
        onnx.checker.check_model(model)
    except ValidationError as problem:
        text = str(problem).strip().split("\n\n==>")[0]
        raise error("HG1002", f"{label}: {text}", remedy=_EXPORT_AGAIN) from problem
    except UnicodeDecodeError as problem:  # the checker's own message quotes damaged text
        raise error("HG1002", f"{label} holds text that is not UTF-8", remedy=_EXPORT_AGAIN) from problem


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
