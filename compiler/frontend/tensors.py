"""Checks that the tensors of a model hold what they declare, and that their files may be read. No file is opened."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import Diagnostics

if TYPE_CHECKING:
    import onnx

_MAX_BYTES = 2**62
_BESIDE = "keep external data files beside the model, named by plain relative paths"
_EXPORT_AGAIN = "export the model again"
# fields in which a tensor may hold its elements instead of raw_data, and elements of the data type per entry
_FIELDS = ("float_data", "int32_data", "int64_data", "double_data", "uint64_data", "string_data")


def check_tensors(graph: onnx.GraphProto, roots: Sequence[Path], problems: Diagnostics) -> None:
    """Report HG1002 for tensors that lack data and HG1003 for files that a model in a folder must not name.

    `roots` are the folders that hold the model's files; the first is the one that names are relative to. Without
    any, only the names are looked at.
    """
    for tensor in tensors_of(graph):
        wanted = _bytes(tensor, problems)
        if wanted is None:
            continue
        if tensor.data_location == tensor.EXTERNAL:
            _check_external(tensor, wanted, roots, problems)
        else:
            _check_embedded(tensor, wanted, problems)


def tensors_of(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """All tensors of a graph, of its nodes' attributes and of its subgraphs."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            if attribute.HasField("g"):
                yield from tensors_of(attribute.g)
            for inner in attribute.graphs:
                yield from tensors_of(inner)


def bits_of(data_type: int) -> int | None:
    """Bits per element of a data type in a file; 0 for strings, None for unknown types."""
    from onnx import TensorProto
    from onnx.helper import tensor_dtype_to_np_dtype

    if data_type == TensorProto.STRING:
        return 0
    try:
        name = TensorProto.DataType.Name(data_type)
        size = int(tensor_dtype_to_np_dtype(data_type).itemsize) * 8
    except (ValueError, KeyError, TypeError):
        return None
    packed: dict[str, int] = {"INT4": 4, "UINT4": 4, "FLOAT4E2M1": 4, "INT2": 2, "UINT2": 2}
    return packed.get(name, size)


def _bytes(tensor: onnx.TensorProto, problems: Diagnostics) -> int | None:
    """Bytes that a tensor declares; None after a report."""
    name = tensor.name or "a constant"
    bits = bits_of(tensor.data_type)
    if bits is None:
        message = f"tensor '{name}' is of element type {tensor.data_type}, which ONNX does not have"
        problems.report("HG1002", message, remedy=_EXPORT_AGAIN)
        return None
    if any(d < 0 for d in tensor.dims) or math.prod(tensor.dims) * max(bits, 8) // 8 > _MAX_BYTES:
        message = f"tensor '{name}' declares the shape {list(tensor.dims)}, which no memory can hold"
        problems.report("HG1002", message, remedy=_EXPORT_AGAIN)
        return None
    return int(math.prod(tensor.dims) * bits + 7) // 8


def _check_embedded(tensor: onnx.TensorProto, wanted: int, problems: Diagnostics) -> None:
    """The declared elements must be there: a short file may declare any size."""
    count = math.prod(tensor.dims)
    if tensor.HasField("raw_data"):
        held, what = len(tensor.raw_data), "bytes"
        short = held < wanted
    else:
        held, what = sum(len(getattr(tensor, field)) for field in _FIELDS), "entries"
        bits = bits_of(tensor.data_type) or 8
        per_entry = 8 // bits if bits < 8 else 1
        wanted = -(-count // per_entry)
        short = held < wanted
    if short:
        message = f"tensor '{tensor.name}' declares {wanted} {what} of data and holds {held}"
        problems.report("HG1002", message, remedy=_EXPORT_AGAIN)


def _check_external(tensor: onnx.TensorProto, wanted: int, roots: Sequence[Path], problems: Diagnostics) -> None:
    entries = {e.key: e.value for e in tensor.external_data}
    location = entries.get("location", "")
    where = f"tensor '{tensor.name}': its data file '{location}'"
    plain, windows = PurePosixPath(location), PureWindowsPath(location)
    if not location or "\0" in location:
        problems.report("HG1003", f"tensor '{tensor.name}' lies in a file that it does not name", remedy=_BESIDE)
        return
    if plain.is_absolute() or windows.anchor or ".." in plain.parts or ".." in windows.parts:
        problems.report("HG1003", f"{where} lies outside of the model's folder", remedy=_BESIDE)
        return
    for key in ("offset", "length"):
        text = entries.get(key, "0")
        if not (text.isascii() and text.isdigit()) or int(text) > _MAX_BYTES:
            problems.report("HG1003", f"{where} is said to have the {key} '{text}'", remedy=_EXPORT_AGAIN)
            return
    length = int(entries["length"]) if "length" in entries else wanted
    if length < wanted:
        message = f"{where} gives it {length} bytes, its shape and type need {wanted}"
        problems.report("HG1003", message, remedy=_EXPORT_AGAIN)
    if roots:
        _check_place(roots, location, where, problems)


def _check_place(roots: Sequence[Path], location: str, where: str, problems: Diagnostics) -> None:
    try:
        real = (roots[0] / location).resolve()
    except (OSError, RuntimeError):
        problems.report("HG1003", f"{where} is a link that leads nowhere", remedy=_BESIDE)
        return
    if not any(real.is_relative_to(root.resolve()) for root in roots):
        problems.report("HG1003", f"{where} is a link that leaves the model's folder", remedy=_BESIDE)
    elif real.exists() and not real.is_file():
        problems.report("HG1003", f"{where} is not a file", remedy=_BESIDE)
