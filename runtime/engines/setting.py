"""What light meets where codes are written: each is set with an error; then the router leaks between outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.stream import setting_normals


class Tiles(NamedTuple):
    """Some slices of all batch entries that are written together.

    Every entry is written by itself, so each has errors of its own even where entries share what is written. Those of
    slice s of entry e are row ``e * all_slices + s`` of the numbers drawn with `key`.
    """

    key: int
    entries: int
    first: int
    all_slices: int
    sigma: float  # rms error of a weight
    leak: Array | None  # [outputs, outputs] of a tile: share of the second that arrives at the first


Set = Callable[[Tiles, Array], Array]  # from what is written [B or 1, slices, ports, N]


def set_tiles(tiles: Tiles, written: Array) -> Array:
    """What is there then, [B, slices, ports, N] ([1, ...] where nothing is drawn and entries share what is written)."""
    light = written
    if tiles.sigma:
        _, slices, ports, columns = written.shape
        entry = np.arange(tiles.entries, dtype=np.uint64)[:, None] * np.uint64(tiles.all_slices)
        rows = entry + np.arange(tiles.first, tiles.first + slices, dtype=np.uint64)
        errors = setting_normals(tiles.key, rows.ravel(), ports, columns).astype(written.dtype, copy=False)
        errors *= written.dtype.type(tiles.sigma)
        light = errors.reshape(tiles.entries, slices, ports, columns)
        light += written
    return light if tiles.leak is None else _with_leak(light, tiles.leak.astype(light.dtype, copy=False))


def _with_leak(light: Array, leak: Array) -> Array:
    """Add ``leak[q][q'] * w[p][q']`` to ``w[p][q]`` within each tile of outputs; the last may be narrower."""
    columns, outputs = light.shape[-1], len(leak)
    whole = columns // outputs * outputs
    result = light.copy()
    if whole:
        together = light[..., :whole].reshape(-1, outputs)  # all tiles in one product
        result[..., :whole] += (together @ leak.T).reshape(*light.shape[:-1], whole)
    if whole < columns:
        width = columns - whole
        result[..., whole:] += light[..., whole:] @ leak[:width, :width].T
    return result
