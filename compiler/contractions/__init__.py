"""ONNX contractions as matrix products: one file per operator, one normal form.

A rule takes an ONNX op and a `Lowering` to emit ops into; it returns the values that replace the op's results, or
raises `StaysElectronic` with the reason.
"""

from collections.abc import Callable, Mapping

from heliograph.compiler.contractions import conv, conv_transpose, einsum, gemm, matmul
from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic
from heliograph.ir.core import Op, Value

Rule = Callable[[Op, Lowering], list[Value]]

RULES: Mapping[str, Rule] = {
    "onnx.MatMul": matmul.lower,
    "onnx.Gemm": gemm.lower,
    "onnx.Conv": conv.lower,
    "onnx.ConvTranspose": conv_transpose.lower,
    "onnx.Einsum": einsum.lower,
}

__all__ = ["RULES", "Lowering", "Rule", "StaysElectronic"]
