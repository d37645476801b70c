"""Weights that lie in no file, beside the text that refers to them.

The compiler computes weights (folded constants, lifted `Constant` nodes). A program file holds them; text that is
written to a file refers to them in a sidecar of this suffix, like external data of a model: file, offset, bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from heliograph.ir.bytecode import decode, encode
from heliograph.ir.core import Op, walk
from heliograph.ir.dialects import WeightRef
from heliograph.ir.program.atomic import atomic_file
from heliograph.ir.program.dtypes import is_packed, pack
from heliograph.ir.program.packing import flatten
from heliograph.ir.text import print_module
from heliograph.ir.weights import Array, Weights

SUFFIX = ".computed"


class Sidecar:
    """The file that texts of one folder share; written when there is something to write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: dict[str, Array] = {}
        self._refs: dict[str, WeightRef] = {}

    def text(self, module: Op, weights: Weights) -> str:
        """The text of a module. Raises HeliographError HG1005 when the sidecar cannot be written."""
        computed = [ref.name for _, ref in _references(module) if not (ref.file or ref.data)]
        arrays = {name: weights[name] for name in computed}
        if not arrays:
            return print_module(module)
        if not arrays.keys() <= self._kept.keys():
            self._kept |= arrays
            self._write()
        copy = decode(encode(module))
        for op, ref in _references(copy):
            if ref.name in arrays and not ref.data:
                op.attributes["ref"] = self._refs[ref.name]
        return print_module(copy)

    def _write(self) -> None:
        offset = 0
        with atomic_file(self._path) as stream:
            for name, array in self._kept.items():
                data = _bytes(array)
                self._refs[name] = WeightRef(name, file=self._path.name, offset=offset, bytes=len(data))
                stream.write(data)
                offset += len(data)


def take_back(module: Op) -> None:
    """Turn references to a sidecar, whose weights were read, back into those of computed weights."""
    for op, ref in _references(module):
        if ref.file.endswith(SUFFIX):
            op.attributes["ref"] = WeightRef(ref.name)


def _references(module: Op) -> Iterator[tuple[Op, WeightRef]]:
    for op in walk(module):
        ref = op.attributes.get("ref")
        if op.name == "helio.weight" and isinstance(ref, WeightRef):
            yield op, ref


def _bytes(array: Array) -> memoryview:
    """As ONNX has them in a file; strings as a program has them."""
    name = array.dtype.name
    return pack(array, name).data if is_packed(name) else flatten(array, 0)[1]
