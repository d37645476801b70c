"""Inputs and outputs of a program, for people and for numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from heliograph.ir.program import Port
from heliograph.ir.program.dtypes import ELEMENTS, STRINGS, numpy_dtype
from heliograph.ir.size_names import is_size_name

_DTYPES = {f"tensor({onnx_name})": name for name, onnx_name in ELEMENTS.values()}


def dtype_of(port: Port) -> np.dtype[Any] | None:
    """The numpy dtype that a port takes; None for strings, sequences and optionals."""
    name = _DTYPES.get(port.type, STRINGS)
    return None if name == STRINGS else numpy_dtype(name)


def describe(port: Port) -> str:
    """One line about a port: ``z: tensor(float) [batch, 64]``."""
    if port.shape is None:
        return f"{port.name}: {port.type} of any shape"
    return f"{port.name}: {port.type} [{', '.join('?' if d is None else str(d) for d in port.shape)}]"


def sizes_of(ports: tuple[Port, ...], feeds: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, int]:
    """The sizes that feeds, already checked, give to the symbolic dimensions; inputs with defaults have none."""
    sizes: dict[str, int] = {}
    for port in ports:
        for dim, size in zip(port.shape or (), np.shape(feeds.get(port.name, ())), strict=False):
            if isinstance(dim, str) and is_size_name(dim):
                sizes[dim] = size
    return sizes
