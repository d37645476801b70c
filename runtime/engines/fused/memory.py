"""Arrays that start at a cache line."""

from __future__ import annotations

import math

import numpy as np

from heliograph.ir.weights import Array

_LINE = 64


def aligned(shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> Array:
    """An array that starts at a cache line; its contents are arbitrary."""
    size = math.prod(shape) * dtype.itemsize
    raw = np.empty(size + _LINE, np.uint8)
    first = -raw.ctypes.data % _LINE
    return raw[first : first + size].view(dtype).reshape(shape)
