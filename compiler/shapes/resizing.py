"""Shape rules of ops that make a tensor longer or shorter by amounts that are inputs: Pad and Resize."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from heliograph.compiler.contractions.lowering import shape_of
from heliograph.compiler.shapes.sizes import SizeValues, int_list
from heliograph.ir.core import Op, ScalarType, SymExpr, Value


def pad(op: Op, sizes: SizeValues) -> list[Sequence[SymExpr | None] | None]:
    """Pad-18: amounts before and after each of `axes`."""
    shape = list(shape_of(op.operands[0]))
    amounts = sizes.of(op.operands[1]) if len(op.operands) > 1 else None
    axes = list(range(len(shape)))
    if (given := _given(op, 3)) is not None:
        listed = sizes.ints(given)
        if listed is None:
            return [None]
        axes = [a % len(shape) for a in listed]
    if amounts is None or len(amounts) != 2 * len(axes):
        return [None]
    for i, axis in enumerate(axes):
        shape[axis] = shape[axis] + amounts[i] + amounts[i + len(axes)]
    return [shape]


def resize(op: Op, sizes: SizeValues) -> list[Sequence[SymExpr | None] | None]:
    """Resize-18: each axis becomes floor(size * scale), or the size given."""
    if op.attributes.get("keep_aspect_ratio_policy", "stretch") != "stretch":
        return [None]
    shape: list[SymExpr | None] = list(shape_of(op.operands[0]))
    scales, wanted = _given(op, 2), _given(op, 3)
    axes = [a % len(shape) for a in int_list(op, "axes") or range(len(shape))]
    new: Sequence[SymExpr | None] | None = None
    if wanted is not None:
        new = sizes.of(wanted)
    elif scales is not None and (factors := sizes.floats(scales)) is not None:
        new = [_scaled(shape[a], factor) for a, factor in zip(axes, factors, strict=True)]
    if new is None or len(new) != len(axes):
        return [None]
    for axis, size in zip(axes, new, strict=True):
        shape[axis] = size
    return [shape]


def _scaled(size: SymExpr | None, factor: float) -> SymExpr | None:
    """floor(size * factor); None for factors that no small fraction spells exactly."""
    ratio = Fraction(factor).limit_denominator(64)
    if size is None or float(ratio) != factor or ratio <= 0:
        return None
    return size * ratio.numerator // ratio.denominator


def _given(op: Op, index: int) -> Value | None:
    """An optional operand; one that is empty counts as left out."""
    if index >= len(op.operands) or op.operands[index].type == ScalarType("none"):
        return None
    value = op.operands[index]
    return None if getattr(value.type, "numel", None) == 0 else value
