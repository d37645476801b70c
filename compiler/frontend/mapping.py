"""Weights in files of their own, mapped into memory when somebody asks for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heliograph.ir.diagnostics import HeliographError, error
from heliograph.ir.program.dtypes import is_packed, numpy_dtype, unpack
from heliograph.ir.weights import Array, WeightSource

if TYPE_CHECKING:
    import onnx_ir


def external_source(tensor: onnx_ir.ExternalTensor) -> WeightSource:
    """The source of an external tensor; its path has been checked, its file is not looked at.

    Loading raises HeliographError HG1003 when the file is absent or too short.
    """
    path, offset = Path(tensor.path), tensor.offset or 0
    dtype, shape = tensor.dtype.numpy().name, tuple(int(d) for d in tensor.shape.numpy())

    def load() -> Array:
        return _map(path, offset, tensor.nbytes, dtype, shape)

    return WeightSource(load, tensor.nbytes, path, offset)


def _map(path: Path, offset: int, nbytes: int, dtype: str, shape: tuple[int, ...]) -> Array:
    if not nbytes:
        return np.zeros(shape, numpy_dtype(dtype))
    try:
        if not path.is_file():
            raise _unreadable(path, "it is not there")
        raw: np.ndarray[Any, Any] = np.memmap(path, np.uint8, "r", offset, (nbytes,))
    except (OSError, ValueError) as problem:  # numpy says ValueError for a file that is too short
        raise _unreadable(path, str(problem)) from problem
    array: Array = unpack(raw, dtype, shape) if is_packed(dtype) else raw.view(numpy_dtype(dtype)).reshape(shape)
    return array


def _unreadable(path: Path, reason: str) -> HeliographError:
    remedy = "put the model's external data files beside it"
    return error("HG1003", f"weight file '{path}' cannot be read: {reason}", remedy=remedy)
