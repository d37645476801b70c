"""Element types of tensors under their three names: in the IR, in numpy, in ONNX's type strings."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from heliograph.ir.core import DialectType, ScalarType, TensorType, Type

STRINGS = "str"  # a weight of strings: a JSON list of texts, not an array of numbers

# IR element -> (numpy dtype name, ONNX spelling)
ELEMENTS: dict[str, tuple[str, str]] = {
    "f64": ("float64", "double"),
    "f32": ("float32", "float"),
    "f16": ("float16", "float16"),
    "bf16": ("bfloat16", "bfloat16"),
    "f8E4M3FN": ("float8_e4m3fn", "float8e4m3fn"),
    "f8E4M3FNUZ": ("float8_e4m3fnuz", "float8e4m3fnuz"),
    "f8E5M2": ("float8_e5m2", "float8e5m2"),
    "f8E5M2FNUZ": ("float8_e5m2fnuz", "float8e5m2fnuz"),
    "f8E8M0FNU": ("float8_e8m0fnu", "float8e8m0"),
    "f4E2M1FN": ("float4_e2m1fn", "float4e2m1"),
    "i1": ("bool", "bool"),
    **{f"i{n}": (f"int{n}", f"int{n}") for n in (2, 4, 8, 16, 32, 64)},
    **{f"ui{n}": (f"uint{n}", f"uint{n}") for n in (2, 4, 8, 16, 32, 64)},
    "onnx.complex64": ("complex64", "complex64"),
    "onnx.complex128": ("complex128", "complex128"),
    "onnx.string": (STRINGS, "string"),
}
_NAMES = {name for name, _ in ELEMENTS.values()} - {STRINGS}
_PACKED = {"int4": 4, "uint4": 4, "float4_e2m1fn": 4, "int2": 2, "uint2": 2}  # bits per element in ONNX files


def element_name(element: Type) -> str:
    """The key of `ELEMENTS` for an element type; a name outside the table when nothing is known of it."""
    return element.name if isinstance(element, ScalarType | DialectType) else "?"


def onnx_spelling(kind: Type) -> str:
    """A type as onnxruntime spells it: ``tensor(float)``, ``seq(tensor(int64))``, ``optional(...)``."""
    if isinstance(kind, TensorType):
        return f"tensor({ELEMENTS.get(element_name(kind.element), ('', 'undefined'))[1]})"
    if isinstance(kind, DialectType) and kind.name in ("onnx.seq", "onnx.optional") and kind.params:
        inner = kind.params[0]
        return f"{kind.name.removeprefix('onnx.')}({onnx_spelling(inner) if isinstance(inner, Type) else 'undefined'})"
    return "undefined"


def numpy_dtype(name: str) -> np.dtype[Any]:
    """The dtype of a name from the table. Raises ValueError for any other."""
    if name not in _NAMES:
        raise ValueError(f"unknown dtype {name!r}")
    return np.dtype(getattr(ml_dtypes, name, name))


def expected_dtype(kind: Type) -> np.dtype[Any] | None:
    """The dtype of arrays of a tensor type; object for strings, None when the type says nothing."""
    if not isinstance(kind, TensorType):
        return None
    name = ELEMENTS.get(element_name(kind.element), ("", ""))[0]
    if not name:
        return None
    return np.dtype(object) if name == STRINGS else numpy_dtype(name)


def file_bytes(name: str, shape: tuple[int, ...], *, packed: bool) -> int:
    """Bytes of a tensor in a file; `packed` is ONNX's layout for elements below a byte."""
    count = math.prod(shape)
    if packed and name in _PACKED:
        return -(-count * _PACKED[name] // 8)
    return count * numpy_dtype(name).itemsize


def unpack(raw: npt.NDArray[np.uint8], name: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Elements below a byte, as ONNX packs them (lowest bits first), one per byte."""
    bits = _PACKED[name]
    fields = np.stack([(raw >> shift) & (2**bits - 1) for shift in range(0, 8, bits)], axis=-1)
    codes = fields.reshape(-1)[: math.prod(shape)].reshape(shape)
    if name.startswith("float"):
        return codes.view(numpy_dtype(name))
    if name.startswith("int"):
        shift = 8 - bits
        return ((codes << shift).astype(np.uint8).view(np.int8) >> shift).astype(numpy_dtype(name))
    return codes.astype(numpy_dtype(name))


def pack(array: npt.NDArray[Any], name: str) -> npt.NDArray[np.uint8]:
    """The inverse of `unpack`: the bytes in which ONNX keeps elements below a byte."""
    bits = _PACKED[name]
    per_byte = 8 // bits
    codes = np.ascontiguousarray(array).reshape(-1).view(np.uint8) & (2**bits - 1)
    fields = np.zeros(-(-codes.size // per_byte) * per_byte, np.uint8)
    fields[: codes.size] = codes
    shifts = np.arange(0, 8, bits, dtype=np.uint8)
    packed: npt.NDArray[np.uint8] = np.bitwise_or.reduce(fields.reshape(-1, per_byte) << shifts, axis=1, dtype=np.uint8)
    return packed


def is_packed(name: str) -> bool:
    """Whether ONNX files pack several elements of this dtype into a byte."""
    return name in _PACKED
