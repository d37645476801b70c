"""ONNX types and sizes as types and expressions of the IR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliograph.ir.core import DialectType, ScalarType, SymExpr, TensorType, Type, sym
from heliograph.ir.size_names import read_size

if TYPE_CHECKING:
    import onnx_ir

_ELEMENTS = {
    "FLOAT": "f32",
    "DOUBLE": "f64",
    "FLOAT16": "f16",
    "BFLOAT16": "bf16",
    "FLOAT8E4M3FN": "f8E4M3FN",
    "FLOAT8E4M3FNUZ": "f8E4M3FNUZ",
    "FLOAT8E5M2": "f8E5M2",
    "FLOAT8E5M2FNUZ": "f8E5M2FNUZ",
    "FLOAT8E8M0": "f8E8M0FNU",
    "FLOAT4E2M1": "f4E2M1FN",
    "BOOL": "i1",
    "INT2": "i2",
    "INT4": "i4",
    "INT8": "i8",
    "INT16": "i16",
    "INT32": "i32",
    "INT64": "i64",
    "UINT2": "ui2",
    "UINT4": "ui4",
    "UINT8": "ui8",
    "UINT16": "ui16",
    "UINT32": "ui32",
    "UINT64": "ui64",
}
_DIALECT_ELEMENTS = {"STRING": "onnx.string", "COMPLEX64": "onnx.complex64", "COMPLEX128": "onnx.complex128"}


def element_type(dtype: onnx_ir.DataType) -> Type:
    """The element type of an ONNX data type; `none` when undefined."""
    if dtype.name in _ELEMENTS:
        return ScalarType(_ELEMENTS[dtype.name])
    if dtype.name in _DIALECT_ELEMENTS:
        return DialectType(_DIALECT_ELEMENTS[dtype.name])
    return DialectType("onnx.undefined")


def size(dim: int | onnx_ir.SymbolicDim) -> SymExpr | None:
    """A size. Some exporters write a negative number for one that they do not know."""
    if isinstance(dim, int):
        return sym(dim) if dim >= 0 else None
    return None if dim.value is None else read_size(str(dim.value))


def value_type(value: onnx_ir.Value) -> Type:
    """The type of an ONNX value."""
    import onnx_ir

    kind = value.type
    if kind is None:
        return TensorType(DialectType("onnx.undefined"), None)
    if isinstance(kind, onnx_ir.TensorType | onnx_ir.SparseTensorType):
        return tensor_type(kind.dtype, value.shape)
    return nested_type(kind, value.shape)


def nested_type(kind: object, shape: onnx_ir.Shape | None) -> Type:
    """The type of a tensor, or of sequences and optionals of tensors of that shape."""
    import onnx_ir

    if isinstance(kind, onnx_ir.SequenceType):
        return DialectType("onnx.seq", (nested_type(kind.elem_type, shape),))
    if isinstance(kind, onnx_ir.OptionalType):
        return DialectType("onnx.optional", (nested_type(kind.elem_type, shape),))
    dtype = getattr(kind, "dtype", onnx_ir.DataType.UNDEFINED)
    return tensor_type(dtype, shape)


def tensor_type(dtype: onnx_ir.DataType, shape: onnx_ir.Shape | None) -> TensorType:
    """A tensor type from ONNX's dtype and shape (None: unknown rank)."""
    dims = None if shape is None else tuple(size(d) for d in shape)
    return TensorType(element_type(dtype), dims)
