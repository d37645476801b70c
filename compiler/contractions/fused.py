"""Contractions that com.microsoft fuses with scaling, transposition, addition and an activation."""

from __future__ import annotations

from collections.abc import Sequence

from heliograph.compiler.contractions import conv, gemm, matmul
from heliograph.compiler.contractions.activation import activated
from heliograph.compiler.contractions.emit import element_of, elementwise
from heliograph.compiler.contractions.lowering import Lowering, optional_operand, shape_of
from heliograph.ir.core import DenseArray, Op, Value


def lower_matmul(op: Op, lowering: Lowering) -> list[Value]:
    """FusedMatMul, TransposeMatMul and FusedMatMulActivation: ``act(alpha * A' B')``.

    `transBatchA` first moves the leading dimension behind the batch dimensions, then `transA` swaps the last two.
    """
    orders = []
    for side, value in zip("AB", op.operands, strict=True):
        rank = len(shape_of(value))
        order = list(range(rank))
        if op.attributes.get(f"transBatch{side}") and rank > 2:
            order = [*range(1, rank - 1), 0, rank - 1]
        if op.attributes.get(f"trans{side}") and rank > 1:
            order[-2:] = order[:-3:-1]
        orders.append(order)
    result = _scaled(matmul.multiply(op, orders, lowering), op.attributes.get("alpha", 1.0), lowering)
    return [_activated(op, result, lowering)]


def lower_gemm(op: Op, lowering: Lowering) -> list[Value]:
    """FusedGemm: ``act(alpha * A' B' + beta * C)``."""
    (result,) = gemm.lower(op, lowering)
    return [_activated(op, result, lowering)]


def lower_conv(op: Op, lowering: Lowering) -> list[Value]:
    """FusedConv: ``act(conv(X, W) + B + Z)``."""
    (result,) = conv.lower(op, lowering)
    added = optional_operand(op, 3)
    if added is not None:
        result = elementwise(lowering, "Add", result, added)
    return [_activated(op, result, lowering)]


def _activated(op: Op, value: Value, lowering: Lowering) -> Value:
    name = op.attributes.get("activation", "")
    assert isinstance(name, str)
    return activated(name, _parameters(op), value, lowering) if name else value


def _parameters(op: Op) -> Sequence[float]:
    """The parameters of the activation, whichever way they are spelled."""
    listed = op.attributes.get("activation_params")
    if isinstance(listed, DenseArray):
        return [float(v) for v in listed.values]
    named = [op.attributes.get(f"activation_{key}") for key in ("alpha", "beta", "gamma")]
    return [v for v in named if isinstance(v, float)]


def _scaled(value: Value, factor: object, lowering: Lowering) -> Value:
    if not isinstance(factor, float) or factor == 1.0:
        return value
    return elementwise(lowering, "Mul", value, lowering.scalar(factor, element_of(value)))
