"""IR files (.mlir): the module, and the weights that it refers to."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

import numpy as np

from heliograph.cli.sidecar import SUFFIX, take_back
from heliograph.ir.core import Op, TensorType
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import WeightRef
from heliograph.ir.program.dtypes import ELEMENTS, STRINGS, element_name, file_bytes, is_packed, numpy_dtype, unpack
from heliograph.ir.program.interface import weight_ops
from heliograph.ir.program.unpacking import read_strings
from heliograph.ir.text import parse_module
from heliograph.ir.weights import Array, Weights, WeightSource

_MAX_TEXT = 1 << 28


def read_ir(file: str) -> Op:
    """Parse an IR file. Raises HG1001 when it cannot be read, HG1101, HG1103 when it does not parse."""
    path = Path(file)
    try:
        if path.is_dir():
            raise error("HG1001", f"'{file}' is a folder")
        if path.stat().st_size > _MAX_TEXT:
            raise error("HG1001", f"'{file}' is larger than {_MAX_TEXT >> 20} MiB")
        text = path.read_text("utf-8")
    except OSError as problem:
        raise error("HG1001", f"'{file}': {problem.strerror}", remedy="check the path") from problem
    except UnicodeDecodeError as problem:
        raise error("HG1101", f"'{file}' is not text: {problem}") from problem
    if not text.strip():
        raise error("HG1001", f"'{file}' is empty")
    return parse_module(text, filename=file)


class TextWeights:
    """Finds the weights of a module that was read from text: inline, in data files, or in the model."""

    def __init__(self, module: Op, folder: Path, beside: Path) -> None:
        """`folder` has the model and its data files, `beside` is that of the text."""
        self._module, self._ops = module, weight_ops(module)
        self._folder, self._beside = folder, beside
        self._tensors = cache(self._read_model)

    def weights(self) -> Weights:
        """All weights; those that cannot be found raise HG3004 when somebody asks for them."""
        found = Weights()
        for name, (op, ref) in self._ops.items():
            kind = op.result.type
            shape = kind.shape if isinstance(kind, TensorType) else None
            if shape is None or not isinstance(kind, TensorType):
                raise error("HG1102", f"weight '{name}' has no fixed shape")
            if ".." in Path(ref.file).parts or Path(ref.file).is_absolute():
                raise error("HG1003", f"weight '{name}' lies in '{ref.file}', outside the folder of weights")
            sizes = tuple(int(d) for d in shape)
            dtype = ELEMENTS.get(element_name(kind.element), ("?",))[0]
            nbytes = ref.bytes or (0 if dtype == STRINGS else file_bytes(dtype, sizes, packed=False))
            path = self._folder / ref.file if ref.bytes and not ref.file.endswith(SUFFIX) else None
            load = cache(partial(self._load, ref, dtype, sizes))
            found.add(name, WeightSource(load, nbytes, path, ref.offset))
        take_back(self._module)
        return found

    def _load(self, ref: WeightRef, dtype: str, shape: tuple[int, ...]) -> Array:
        if 0 in shape:
            return _decode(ref.name, b"", dtype, shape)
        if ref.data:
            return _decode(ref.name, bytes.fromhex(ref.data), dtype, shape)
        if ref.bytes:
            folder = self._beside if ref.file.endswith(SUFFIX) else self._folder
            try:
                with (folder / ref.file).open("rb") as stream:
                    stream.seek(ref.offset)
                    return _decode(ref.name, stream.read(ref.bytes), dtype, shape)
            except OSError as problem:
                raise _absent(ref, problem.strerror or str(problem)) from problem
        if not ref.file:
            message = f"weight '{ref.name}' was computed by the compiler, and this text does not say where it is kept"
            raise error("HG3004", message, remedy="have the text written to a file: -o FILE.mlir, or --dump DIR")
        tensors = self._tensors(ref.file)
        if ref.name not in tensors:
            raise _absent(ref, "the model has no such initializer")
        return tensors[ref.name]

    def _read_model(self, file: str) -> dict[str, Array]:
        import onnx
        from google.protobuf.message import DecodeError

        try:
            model = onnx.load(self._folder / file, load_external_data=False)
        except (OSError, DecodeError) as problem:
            raise error(
                "HG3004", f"model '{self._folder / file}', which holds the weights, cannot be read"
            ) from problem
        return {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer if t.data_location != t.EXTERNAL}


def _decode(name: str, raw: bytes, dtype: str, shape: tuple[int, ...]) -> Array:
    if dtype == STRINGS:
        try:
            return read_strings(raw or b"[]", shape)
        except ValueError as problem:
            raise error("HG1102", f"weight '{name}' is no JSON list of its strings: {problem}") from problem
    if len(raw) != file_bytes(dtype, shape, packed=True):
        raise error("HG1102", f"weight '{name}' has {len(raw)} bytes, which is not the size of its type")
    if is_packed(dtype):
        return unpack(np.frombuffer(raw, np.uint8), dtype, shape)
    return np.ndarray(shape, numpy_dtype(dtype), raw)


def _absent(ref: WeightRef, reason: str) -> Exception:
    remedy = f"put {ref.file} beside the text" if ref.file.endswith(SUFFIX) else "name its folder with --weights DIR"
    return error("HG3004", f"weight '{ref.name}' in '{ref.file}': {reason}", remedy=remedy)
