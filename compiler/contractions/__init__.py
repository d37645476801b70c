"""ONNX contractions as matrix products: one file per operator, one normal form.

A rule takes an ONNX op and a `Lowering` to emit ops into; it returns the values that replace the op's results, or
raises `StaysElectronic` with the reason.
"""

from collections.abc import Callable, Mapping

from heliograph.compiler.contractions import (
    conv,
    conv_transpose,
    einsum,
    fused,
    gemm,
    grouped_query,
    integer,
    matmul,
    matmul_nbits,
    multi_head,
    projecting,
    quantized,
)
from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic
from heliograph.ir.core import Op, Value

Rule = Callable[[Op, Lowering], list[Value]]

RULES: Mapping[str, Rule] = {
    "onnx.MatMul": matmul.lower,
    "onnx.Gemm": gemm.lower,
    "onnx.Conv": conv.lower,
    "onnx.ConvTranspose": conv_transpose.lower,
    "onnx.Einsum": einsum.lower,
    "onnx.MatMulInteger": integer.lower_matmul,
    "onnx.ConvInteger": integer.lower_conv,
    "onnx.QLinearMatMul": quantized.lower_matmul,
    "onnx.QLinearConv": quantized.lower_conv,
    "com.microsoft.MatMulInteger16": integer.lower_matmul,
    "com.microsoft.QLinearConv": quantized.lower_conv,
    "com.microsoft.QGemm": quantized.lower_gemm,
    "com.microsoft.MatMulIntegerToFloat": quantized.lower_to_float,
    "com.microsoft.DynamicQuantizeMatMul": quantized.lower_dynamic,
    "com.microsoft.FusedMatMul": fused.lower_matmul,
    "com.microsoft.TransposeMatMul": fused.lower_matmul,
    "com.microsoft.FusedMatMulActivation": fused.lower_matmul,
    "com.microsoft.FusedGemm": fused.lower_gemm,
    "com.microsoft.FusedConv": fused.lower_conv,
    "com.microsoft.MatMulNBits": matmul_nbits.lower,
    "com.microsoft.MultiHeadAttention": multi_head.lower,
    "com.microsoft.Attention": projecting.lower,
    "com.microsoft.GroupQueryAttention": grouped_query.lower,
    "com.microsoft.QAttention": projecting.lower_quantized,
}

__all__ = ["RULES", "Lowering", "Rule", "StaysElectronic"]
