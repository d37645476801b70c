"""Weights of a loaded program: views of the mapped file, made when somebody asks for them."""

from __future__ import annotations

import json
import math
import mmap
from functools import cache, partial
from pathlib import Path

import numpy as np

from heliograph.ir.core import Op, TensorType
from heliograph.ir.program.container import Placed
from heliograph.ir.program.dtypes import (
    ELEMENTS,
    STRINGS,
    element_name,
    file_bytes,
    is_packed,
    numpy_dtype,
    unpack,
)
from heliograph.ir.program.external import open_external
from heliograph.ir.program.interface import stored_weights
from heliograph.ir.program.manifest import Manifest, WeightInfo
from heliograph.ir.weights import Array, Weights, WeightSource

Buffer = mmap.mmap | memoryview | bytes
_MAX_RANK = 32


def bind_weights(module: Op, manifest: Manifest, data: memoryview, entry: Placed, file: Path) -> Weights:
    """The weights that the module names, backed by the file. Raises ValueError when table and module disagree."""
    buffers: list[Buffer] = [open_external(f, file.parent) for f in manifest.files]
    embedded = data[entry.payload : entry.end]
    ops = stored_weights(module)
    if set(ops) != set(manifest.weights):
        raise ValueError("the weights of the manifest are not those of the module")
    weights = Weights()
    for name, info in manifest.weights.items():
        if info.file is not None and not 0 <= info.file < len(buffers):
            raise ValueError(f"weight {name} lies in a file that the manifest does not list")
        buffer = embedded if info.file is None else buffers[info.file]
        path = None if info.file is None else (file.parent / manifest.files[info.file].path)
        _check(name, info, ops[name][0], len(buffer))
        load = cache(partial(_view, buffer, info))
        weights.add(name, WeightSource(load, info.nbytes, path, 0 if path is None else info.offset))
    return weights


def _check(name: str, info: WeightInfo, op: Op, available: int) -> None:
    kind = op.result.type
    shape = kind.shape if isinstance(kind, TensorType) else None
    if shape is None or tuple(int(d) for d in shape) != info.shape or len(info.shape) > _MAX_RANK:
        raise ValueError(f"weight {name} has another shape in the manifest than in the module")
    assert isinstance(kind, TensorType)
    if ELEMENTS.get(element_name(kind.element), ("",))[0] != info.dtype:
        raise ValueError(f"weight {name} has another element type in the manifest than in the module")
    if not 0 <= info.offset <= available - info.nbytes or info.nbytes < 0 or min(info.shape, default=0) < 0:
        raise ValueError(f"weight {name} lies outside its file")
    if info.dtype != STRINGS:
        if file_bytes(info.dtype, info.shape, packed=info.file is not None) != info.nbytes:
            raise ValueError(f"weight {name} has a size that does not fit its shape")
    elif math.prod(info.shape) > info.nbytes:
        raise ValueError(f"weight {name} has a size that does not fit its shape")


def read_strings(raw: bytes, shape: tuple[int, ...]) -> Array:
    """Strings as bytes from the JSON that `flatten` makes of them. Raises ValueError where it is not of this shape."""
    return np.array([str(t).encode("latin-1") for t in json.loads(raw)], dtype=object).reshape(shape)


def _view(buffer: Buffer, info: WeightInfo) -> Array:
    if info.dtype == STRINGS:
        return read_strings(bytes(buffer[info.offset : info.offset + info.nbytes]), info.shape)
    if info.file is not None and is_packed(info.dtype):
        raw = np.frombuffer(buffer, np.uint8, info.nbytes, info.offset) if info.nbytes else np.empty(0, np.uint8)
        return unpack(raw, info.dtype, info.shape)
    array: Array = np.ndarray(info.shape, numpy_dtype(info.dtype), buffer, info.offset)
    return array if array.flags.aligned else array.copy()
