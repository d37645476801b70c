"""Memory that the kernels read and write."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.windows import LANES

_LINE = 64
_LARGEST = np.float32(np.finfo(np.float32).max).view(np.uint32)


def aligned(shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> Array:
    """An array that starts at a cache line; its contents are arbitrary."""
    size = math.prod(shape) * dtype.itemsize
    raw = np.empty(size + _LINE, np.uint8)
    first = -raw.ctypes.data % _LINE
    return raw[first : first + size].view(dtype).reshape(shape)


def as_int64(word: int) -> int:
    """A word of 64 bits as a kernel's arguments hold it."""
    return int(np.uint64(word).view(np.int64))


class Sizes(NamedTuple):
    """Words of 32 bits that one worker writes on the way; see the arguments of these names."""

    light: int
    codes: int
    code_sums: int
    scales: int
    extent: int = 2 * LANES


class Scratch:
    """Memory of one worker, which grows to the largest call. Numbers that a kernel does not write meet weights of zero.

    They must be finite, so kernels of integers and of float32 do not share it.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}
        self.addresses: dict[str, int] = {}

    def fit(self, sizes: Sizes) -> None:
        """Make room, and forget the extent of an earlier call."""
        for name, words in zip(Sizes._fields, sizes, strict=True):
            if name not in self._arrays or self._arrays[name].size < words:
                self._arrays[name] = aligned((words,), np.dtype(np.uint32))
                self._arrays[name][:] = 0
                self.addresses[name] = self._arrays[name].ctypes.data
        self._arrays["extent"].reshape(2, LANES)[:] = [[_LARGEST], [0]]

    @property
    def extent(self) -> tuple[float, float]:
        """The least full scale of a row that is not zero, and the largest; infinity or NaN where the rows hold such."""
        numbers = self._arrays["extent"].reshape(2, LANES)
        least, largest = (bits.view(np.float32) for bits in (numbers[0].min(), numbers[1].max()))
        return float(least), float(largest)
