"""Which numpy dtype stands for which element type, and which of them onnxruntime's numpy door does not take."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# ml_dtypes arrays that travel to onnxruntime as bits: dtype name -> TensorProto.DataType
AS_BITS: dict[str, int] = {
    "bfloat16": 16,
    "float8_e4m3fn": 17,
    "float8_e4m3fnuz": 18,
    "float8_e5m2": 19,
    "float8_e5m2fnuz": 20,
    "uint4": 21,
    "int4": 22,
    "float4_e2m1fn": 23,
    "float8_e8m0fnu": 24,
    "uint2": 25,
    "int2": 26,
}


def accepts(expected: np.dtype[Any], array: Array) -> bool:
    """Whether an array may be fed where `expected` is asked for."""
    return array.dtype == expected or (expected.hasobject and array.dtype.kind in "UOT")


def work_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype that arithmetic is done in: float64 for float64 and wide integers, else float32."""
    wide = dtype == np.float64 or (dtype.kind in "iu" and dtype.itemsize > 2)
    return np.dtype(np.float64 if wide else np.float32)
