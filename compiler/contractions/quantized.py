"""Quantized contractions: an exact integer product on light; bias, rescaling and rounding on electronics.

The order of operations is onnxruntime's, so that results agree to the last bit: int32 sums, one float32 factor, round
half to even, zero point, saturate.
"""

from __future__ import annotations

from heliograph.compiler.contractions.emit import F32, U8, cast, element_of, elementwise, is_single, reshape, tensor
from heliograph.compiler.contractions.integer import (
    Operand,
    conv_product,
    gemm_product,
    matmul_product,
    to_int32,
)
from heliograph.compiler.contractions.lowering import Lowering, optional_operand, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import Op, Value


def lower_matmul(op: Op, lowering: Lowering) -> list[Value]:
    """QLinearMatMul: scales and zero points per tensor, per row of the left and per column of the right operand."""
    (a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero) = op.operands
    _float_scales(a_scale, b_scale, y_scale)
    if not is_single(y_scale):
        raise StaysElectronic("HG2007", "a scale per row of the result")
    product, bound = matmul_product((a, a_zero), (b, b_zero), lowering)
    if len(shape_of(a_scale)) == 1 and not is_single(a_scale):
        a_scale = reshape(lowering, a_scale, [shape_of(a_scale)[0], 1])
    scale = elementwise(lowering, "Div", elementwise(lowering, "Mul", a_scale, b_scale), y_scale)
    return [requantized(to_int32(product, bound, lowering), scale, y_zero, lowering)]


def lower_conv(op: Op, lowering: Lowering) -> list[Value]:
    """QLinearConv of ONNX and of com.microsoft: scales and zero points of the weights per tensor or per filter."""
    (x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero) = op.operands[:8]
    if op.attributes.get("channels_last"):
        raise StaysElectronic("HG2007", "QLinearConv with channels last")
    _float_scales(x_scale, w_scale, y_scale)
    attributes = {k: v for k, v in op.attributes.items() if k != "channels_last"}
    product, bound = conv_product(Op(op.name, [], [], attributes), (x, x_zero), (w, w_zero), lowering)
    sums, bias = to_int32(product, bound, lowering), optional_operand(op, 8)
    column = [1] * (len(shape_of(w)) - 2)
    if bias is not None:
        sums = elementwise(lowering, "Add", sums, reshape(lowering, bias, [shape_of(bias)[0], *column]))
    scale = elementwise(lowering, "Div", elementwise(lowering, "Mul", x_scale, w_scale), y_scale)
    if not is_single(w_scale):
        scale = reshape(lowering, scale, [shape_of(w_scale)[0], *column])
    return [requantized(sums, scale, y_zero, lowering)]


def lower_gemm(op: Op, lowering: Lowering) -> list[Value]:
    """QGemm of com.microsoft; without a scale of the result it is a float32 matrix."""
    (a, a_scale, a_zero, b, b_scale, b_zero) = op.operands[:6]
    bias, y_scale, y_zero = (optional_operand(op, i) for i in (6, 7, 8))
    _float_scales(a_scale, b_scale)
    product, bound = gemm_product(op, (a, a_zero), (b, b_zero), lowering)
    sums = to_int32(product, bound, lowering)
    if bias is not None:
        sums = elementwise(lowering, "Add", sums, bias)
    alpha = op.attributes.get("alpha", 1.0)
    assert isinstance(alpha, float)
    scale = elementwise(lowering, "Mul", lowering.scalar(alpha, F32), a_scale)
    scale = elementwise(lowering, "Mul", scale, b_scale)
    if y_scale is None or y_zero is None:
        return [elementwise(lowering, "Mul", cast(lowering, sums, F32), scale)]
    return [requantized(sums, elementwise(lowering, "Div", scale, y_scale), y_zero, lowering)]


def lower_to_float(op: Op, lowering: Lowering) -> list[Value]:
    """MatMulIntegerToFloat of com.microsoft."""
    a, b, a_scale, b_scale = op.operands[:4]
    a_zero, b_zero, bias = (optional_operand(op, i) for i in (4, 5, 6))
    return [_floated((a, a_zero), (b, b_zero), a_scale, b_scale, bias, lowering)]


def lower_dynamic(op: Op, lowering: Lowering) -> list[Value]:
    """DynamicQuantizeMatMul of com.microsoft: the left operand is quantized at run time, on electronics."""
    left, b, b_scale = op.operands[:3]
    b_zero, bias = optional_operand(op, 3), optional_operand(op, 4)
    _float_scales(left)
    types = [tensor(u8, shape) for u8, shape in ((U8, shape_of(left)), (F32, ()), (U8, ()))]
    quantize = Op("onnx.DynamicQuantizeLinear", [left], types, loc=lowering.loc)
    lowering.ops.append(quantize)
    a, a_scale, a_zero = quantize.results
    return [_floated((a, a_zero), (b, b_zero), a_scale, b_scale, bias, lowering)]


def _floated(a: Operand, b: Operand, a_scale: Value, b_scale: Value, bias: Value | None, lowering: Lowering) -> Value:
    _float_scales(a_scale, b_scale)
    product, bound = matmul_product(a, b, lowering)
    sums = cast(lowering, to_int32(product, bound, lowering), F32)
    result = elementwise(lowering, "Mul", sums, elementwise(lowering, "Mul", a_scale, b_scale))
    return result if bias is None else elementwise(lowering, "Add", result, bias)


def requantized(sums: Value, scale: Value, zero: Value, lowering: Lowering) -> Value:
    """``saturate(round(sums * scale) + zero)`` in the type of the zero point."""
    scaled = elementwise(lowering, "Mul", cast(lowering, sums, F32), scale)
    if not is_single(zero):
        raise StaysElectronic("HG2007", "a zero point per row of the result")
    zero = reshape(lowering, zero, [])
    kind = tensor(element_of(zero), shape_of(scaled))
    return lowering.onnx("QuantizeLinear", [scaled, lowering.scalar(1.0, F32), zero], kind)


def _float_scales(*scales: Value) -> None:
    for scale in scales:
        if element_of(scale) != F32:
            raise StaysElectronic("HG2007", f"scales of type {element_of(scale).name}")
