"""Gemm: ``alpha * A' B' + beta * C``. The product goes to light, scaling and addition to electronics."""

from __future__ import annotations

from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic, optional_operand, out_type, shape_of
from heliograph.ir.core import Op, ScalarType, SymExpr, TensorType, Value, sym


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one Gemm."""
    left, right, bias = op.operands[0], op.operands[1], optional_operand(op, 2)
    a, b = shape_of(left), shape_of(right)
    if len(a) != 2 or len(b) != 2:
        raise StaysElectronic("HG2007", "Gemm of operands that are not matrices")
    row, col, total = sym("row"), sym("col"), sym("sum")
    index_a, index_b = [row, total], [total, col]
    rows, cols, sums = a[0], b[1], a[1]
    if op.attributes.get("transA"):
        index_a, rows, sums = [total, row], a[1], a[0]
    if op.attributes.get("transB"):
        index_b, cols = [col, total], b[0]
    kind = out_type(op, [rows, cols])
    extents: dict[str, SymExpr | int] = {"row": rows, "col": cols, "sum": sums}
    result = lowering.contract((left, index_a), (right, index_b), (kind, [row, col]), extents)
    result = _scaled(result, op.attributes.get("alpha", 1.0), lowering)
    if bias is not None:
        result = lowering.onnx("Add", [result, _scaled(bias, op.attributes.get("beta", 1.0), lowering)], kind)
    return [result]


def _scaled(value: Value, factor: object, lowering: Lowering) -> Value:
    if not isinstance(factor, float) or factor == 1.0:
        return value
    assert isinstance(value.type, TensorType)
    assert isinstance(value.type.element, ScalarType)
    return lowering.onnx("Mul", [value, lowering.scalar(factor, value.type.element)], value.type)
