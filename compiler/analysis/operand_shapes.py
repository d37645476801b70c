"""Shapes and attributes of an op as counting formulas read them: None or a default where unknown."""

from __future__ import annotations

from heliograph.ir.core import Op, SymExpr, TensorType


def shape(op: Op, index: int) -> tuple[SymExpr, ...] | None:
    """The sizes of an operand; None when it is absent or a size is unknown."""
    kind = op.operands[index].type if index < len(op.operands) else None
    return kind.shape if isinstance(kind, TensorType) else None


def integer(op: Op, name: str, default: int = 1) -> int:
    """An integer attribute."""
    value = op.attributes.get(name, default)
    return value if isinstance(value, int) else default
