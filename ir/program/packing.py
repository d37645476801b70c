"""Weights into a file: which are embedded, which stay outside, and the bytes of the embedded ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from heliograph.ir.core import Op, TensorType
from heliograph.ir.program.container import ALIGNMENT
from heliograph.ir.program.dtypes import ELEMENTS, STRINGS, element_name
from heliograph.ir.program.external import reference
from heliograph.ir.program.interface import stored_weights
from heliograph.ir.program.manifest import ExternalFile, WeightInfo
from heliograph.ir.weights import Array, Weights, WeightSource

_CHUNK = 1 << 24


class WeightPacker:
    """Packs the weights that a module names, in order of their names; others are left out."""

    def __init__(self, module: Op, weights: Weights, folder: Path) -> None:
        self._ops = dict(sorted(stored_weights(module).items()))
        self._weights = weights
        self._folder = folder
        self._files: dict[Path, tuple[int, ExternalFile]] = {}

    @property
    def files(self) -> tuple[ExternalFile, ...]:
        """The external files met so far, in the order of their numbers."""
        return tuple(file for _, file in self._files.values())

    def write(self, sink: Callable[[bytes | memoryview], None]) -> dict[str, WeightInfo]:
        """Write the embedded weights, each aligned; returns the table of all."""
        table: dict[str, WeightInfo] = {}
        offset = 0
        for name, (op, _) in self._ops.items():
            source = self._weights.source(name)
            if source.path is not None:
                table[name] = self._external(source, op)
                continue
            padding = -offset % ALIGNMENT
            sink(bytes(padding))
            info, data = flatten(self._weights[name], offset + padding)
            for start in range(0, len(data), _CHUNK):
                sink(data[start : start + _CHUNK])
            offset = info.offset + info.nbytes
            table[name] = info
        return table

    def _external(self, source: WeightSource, op: Op) -> WeightInfo:
        assert source.path is not None
        if source.path not in self._files:
            self._files[source.path] = (len(self._files), reference(source.path, self._folder))
        kind = op.result.type
        assert isinstance(kind, TensorType)
        assert kind.shape is not None
        dtype = ELEMENTS[element_name(kind.element)][0]
        shape = tuple(int(d) for d in kind.shape)
        return WeightInfo(dtype, shape, source.offset, source.nbytes, self._files[source.path][0])


def flatten(array: Array, offset: int) -> tuple[WeightInfo, memoryview]:
    """Little-endian, row-major bytes of an array, elements below a byte one per byte."""
    if array.dtype.kind in "OUS":
        texts = [t if isinstance(t, bytes) else str(t).encode() for t in array.reshape(-1).tolist()]
        data = memoryview(json.dumps([t.decode("latin-1") for t in texts]).encode())
        return WeightInfo(STRINGS, array.shape, offset, len(data)), data
    flat = np.ascontiguousarray(array).reshape(-1)
    if flat.dtype.byteorder == ">":
        flat = flat.astype(flat.dtype.newbyteorder("<"))
    data = flat.view(np.uint8).data
    return WeightInfo(flat.dtype.name, array.shape, offset, len(data)), data
