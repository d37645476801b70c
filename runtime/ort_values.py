"""Arrays as onnxruntime's values and back, also for element types that numpy itself does not have."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import numpy as np

from heliograph.ir.program.dtypes import ELEMENTS, is_packed, numpy_dtype, pack, unpack
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import AS_BITS

if TYPE_CHECKING:
    import onnxruntime

# onnxruntime's spelling of a type -> dtype name, for those that it does not show as numpy arrays
EXOTIC = {f"tensor({spelling})": name for name, spelling in ELEMENTS.values() if name in AS_BITS}


def is_exotic(value: Any) -> bool:
    """Whether a value is an array that onnxruntime does not take as it is."""
    return isinstance(value, np.ndarray) and value.dtype.name in AS_BITS


def to_ort(value: Any) -> onnxruntime.OrtValue:
    """An OrtValue over an array, without a copy where the array is contiguous and its elements fill bytes."""
    import onnxruntime

    array = np.ascontiguousarray(value).reshape(np.shape(value))
    name = array.dtype.name
    if name not in AS_BITS:
        return onnxruntime.OrtValue.ortvalue_from_numpy(array)
    if is_packed(name):  # onnxruntime reads the first bytes only, but wants the shape in elements
        bits = np.zeros(array.shape, np.uint8)
        packed = pack(array, name)
        bits.reshape(-1)[: packed.size] = packed
    else:
        bits = array.view(np.dtype(f"u{array.dtype.itemsize}"))
    return onnxruntime.OrtValue.ortvalue_from_numpy_with_onnx_type(bits, AS_BITS[name])


def from_ort(value: onnxruntime.OrtValue) -> Any:
    """The array of an OrtValue, a list for a sequence, None for an empty optional."""
    name = EXOTIC.get(value.data_type()) if value.is_tensor() else None
    if name is None:
        return value.numpy() if value.has_value() else None
    shape = tuple(value.shape())
    raw = ctypes.string_at(value.data_ptr(), value.tensor_size_in_bytes())  # there is no view of these types
    if is_packed(name):
        return unpack(np.frombuffer(raw, np.uint8), name, shape)
    array: Array = np.frombuffer(raw, numpy_dtype(name)).reshape(shape)
    return array
