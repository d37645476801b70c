"""Constant folding within bounds: no weights are read, and nothing larger than the limit is ever computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx_ir

_LARGEST_INPUT, _LARGEST_OUTPUT = 8192, 1024  # elements
_GROWS = frozenset("ConstantOfShape Expand Tile Range Pad OneHot Resize Upsample EyeLike Einsum MatMul Gemm".split())


def fold_constants(model: onnx_ir.Model) -> None:
    """Replace small results of constants by constants, in place; nothing is rewritten and no equal nodes are merged."""
    from onnxscript import optimizer

    optimizer.fold_constants(
        model, input_size_limit=_LARGEST_INPUT, output_size_limit=_LARGEST_OUTPUT, should_fold=_may_fold
    )


def _may_fold(node: onnx_ir.Node) -> bool | None:
    """False where folding would read a weight file or compute something large; None leaves it to the library."""
    import onnx_ir

    for value in node.inputs:
        tensor = None if value is None else value.const_value
        if tensor is not None and (isinstance(tensor, onnx_ir.ExternalTensor) or tensor.size > _LARGEST_INPUT):
            return False
    for value in node.outputs:
        if value.shape is None or not value.shape.is_static():
            return False if node.op_type in _GROWS else None
        if value.shape.numpy() and _numel(value.shape.numpy()) > _LARGEST_OUTPUT:
            return False
    return None


def _numel(shape: tuple[int, ...]) -> int:
    total = 1
    for size in shape:
        total *= size
    return total
