"""ONNX attributes as attributes of the IR; subgraphs become regions and are handled by the translation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliograph.compiler.frontend.types import element_type, nested_type
from heliograph.ir.core import AttributeValue, DenseArray, TensorType, Type, sym
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import InlineTensor

if TYPE_CHECKING:
    import onnx_ir


def attribute(attr: onnx_ir.Attr, node: onnx_ir.Node) -> AttributeValue:
    """Translate one non-graph attribute. Raises HG1004 for kinds that nothing can run (sparse tensors)."""
    kind, value = attr.type.name, attr.value
    if kind == "INT":
        return int(value)
    if kind == "FLOAT":
        return float(value)
    if kind == "STRING":
        return str(value)
    if kind == "INTS":
        return DenseArray("i64", tuple(int(v) for v in value))
    if kind == "FLOATS":
        return DenseArray("f32", tuple(float(v) for v in value))
    if kind == "STRINGS":
        return tuple(str(v) for v in value)
    if kind == "TENSOR":
        return inline_tensor(value)
    if kind == "TENSORS":
        return tuple(inline_tensor(v) for v in value)
    if kind == "TYPE_PROTO":
        return _type(value)
    raise error(
        "HG1004",
        f"attribute '{attr.name}' is of kind {kind}, which is not supported",
        node=node.name or "",
        op_type=node.op_type,
        remedy="replace the attribute by an input",
    )


def inline_tensor(tensor: onnx_ir.TensorProtocol) -> InlineTensor:
    """A tensor-valued attribute. Strings are stored as JSON text in hex."""
    dims = tuple(sym(int(d)) for d in tensor.shape.numpy())
    kind = TensorType(element_type(tensor.dtype), dims)
    return InlineTensor(kind, tensor_bytes(tensor).hex())


def tensor_bytes(tensor: onnx_ir.TensorProtocol) -> bytes:
    """Little-endian bytes of a tensor; strings as a JSON list of latin-1 text."""
    if tensor.dtype.name == "STRING":
        import json

        flat: list[Any] = list(tensor.numpy().reshape(-1))
        texts = [(s if isinstance(s, bytes) else str(s).encode()).decode("latin-1") for s in flat]
        return json.dumps(texts).encode()
    return tensor.tobytes()


def _type(value: onnx_ir.TypeAndShape) -> Type:
    assert value.type is not None
    return nested_type(value.type, value.shape)
