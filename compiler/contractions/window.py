"""The sliding window that Conv and ConvTranspose share: attributes, defaults and padding (ONNX spec, Conv-11)."""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic
from heliograph.ir.core import DenseArray, Op, SymExpr, TensorType, Value, sym


@dataclass(frozen=True)
class Window:
    """Kernel sizes, strides, dilations, group count and spatial rank of a convolution-like op."""

    kernel: tuple[SymExpr, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    group: int
    auto_pad: str

    @staticmethod
    def of(op: Op, kernel: tuple[SymExpr, ...]) -> Window:
        """Read the window attributes of an op whose weight has these spatial sizes."""
        rank = len(kernel)
        if rank == 0:
            raise StaysElectronic("HG2007", "convolution without spatial dimensions")
        group, auto_pad = op.attributes.get("group", 1), op.attributes.get("auto_pad", "NOTSET")
        assert isinstance(group, int)
        assert isinstance(auto_pad, str)
        strides = ints(op, "strides") or (1,) * rank
        dilations = ints(op, "dilations") or (1,) * rank
        return Window(kernel, strides, dilations, group, auto_pad)

    @property
    def rank(self) -> int:
        """Number of spatial dimensions."""
        return len(self.kernel)

    def reach(self, axis: int) -> SymExpr:
        """Input samples that one dilated kernel spans."""
        return (self.kernel[axis] - 1) * self.dilations[axis] + 1


def ints(op: Op, name: str) -> tuple[int, ...] | None:
    """An INTS attribute, None when absent."""
    value = op.attributes.get(name)
    return tuple(int(v) for v in value.values) if isinstance(value, DenseArray) else None


def add_bias(result: Value, bias: Value, rank: int, lowering: Lowering) -> Value:
    """Add a bias per channel (dimension 1) on electronics."""
    assert isinstance(bias.type, TensorType)
    assert bias.type.shape is not None
    shape = TensorType(bias.type.element, (sym(1), bias.type.shape[0], *[sym(1)] * rank))
    axes = lowering.int64s([0, *range(2, 2 + rank)])
    column = lowering.onnx("Unsqueeze", [bias, axes], shape)
    return lowering.onnx("Add", [result, column], result.type)
