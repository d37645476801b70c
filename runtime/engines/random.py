"""Gaussian numbers from a counter: each is a function of a key and of its row and column, of nothing else.

Philox4x64 gives 256 bits per counter value. A row of `columns` numbers owns ``ceil(columns / 8)`` consecutive counter
values, starting at ``row * ceil(columns / 8)``, so any range of rows can be drawn by itself, in any order. Numbers
come in pairs from two 32-bit uniforms by Box and Muller's transform; the largest magnitude is 6.8.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from heliograph.ir.weights import Array

_UNIT = np.float32(2.0**-32)
_HALF = np.float32(2.0**-33)  # keeps the uniform above zero


class NoiseSource:
    """Streams of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def normals(self, kind: str, key: tuple[int, ...], first_row: int, rows: int, columns: int) -> Array:
        """Standard normal float32 [rows, columns] of the stream (kind, key), from row `first_row` on."""
        counters = -(-columns // 8)
        text = f"{self.seed}/{kind}/{'/'.join(map(str, key))}"
        stream = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")
        bits = np.random.Philox(key=stream, counter=first_row * counters).random_raw(rows * counters * 4)
        return _box_muller(np.asarray(bits, "<u8").view("<u4").reshape(rows, 2, counters * 4), columns)


def _box_muller(bits: npt.NDArray[np.uint32], columns: int) -> Array:
    uniform = bits.astype(np.float32)
    uniform *= _UNIT
    radius, angle = uniform[:, 0], uniform[:, 1]
    radius += _HALF
    np.log(radius, out=radius)
    radius *= -2
    np.sqrt(radius, out=radius)
    angle *= np.float32(2 * np.pi)
    normal = np.empty_like(uniform)
    np.multiply(radius, np.cos(angle), out=normal[:, 0])
    np.multiply(radius, np.sin(angle), out=normal[:, 1])
    return normal.reshape(len(bits), bits[0].size if len(bits) else 0)[:, :columns]
