"""A contraction as MatMul, with Slice, Reshape and Transpose only where tensors do not lie as MatMul wants them."""

from __future__ import annotations

import math
from collections.abc import Container, Sequence

from heliograph.ir.core import SymExpr, Value
from heliograph.runtime.merging.body import Body
from heliograph.runtime.merging.contractions import Contraction
from heliograph.runtime.merging.maps import ONE, Extents, NotPlainError, Operand

Groups = Sequence[tuple[str, ...]]  # axes that make up each dimension


def as_product(contraction: Contraction, body: Body, constants: Container[Value]) -> Value:
    """Add the product to a body. Raises NotPlainError, maybe with some ops already added: try on a body of its own.

    Rows and columns are one axis each. All others of the result are batch axes, which MatMul broadcasts where an
    operand lacks them, so that no size has to be known.
    """
    if contraction.element not in ("f32", "f64"):
        raise NotPlainError(f"elements {contraction.element}")
    out = [place.digits(contraction.extents) for place in contraction.out.places]
    if any(digits.part for digits in out):
        raise NotPlainError("a result of which only a part is written")
    order = [axis for digits in out for axis in digits.axes]
    if order and order[-1] not in contraction.rhs.axes:
        contraction = contraction.swapped()  # so that columns are innermost in the result
    lhs, rhs, extents = contraction.lhs, contraction.rhs, contraction.extents
    left, right = set(lhs.axes), set(rhs.axes)
    if any((axis in left) + (axis in right) + (axis in order) < 2 for axis in extents):
        raise NotPlainError("an axis of one operand alone")
    row = next(((a,) for a in reversed(order) if a not in right), ())
    column = next(((a,) for a in reversed(order) if a not in left), ())
    batch = [a for a in order if (a,) not in (row, column)]
    leading = rhs if lhs.value in constants else lhs  # keeps its order of summed axes, the other one follows
    summed = tuple(a for a in leading.axes if a not in order)
    a = _laid(lhs, [*_present(batch, left), row, summed], extents, body)
    b = _laid(rhs, [*_present(batch, right), summed, column], extents, body)
    groups: Groups = [*((axis,) for axis in batch), row, column]
    product = body.onnx("MatMul", [a, b], _sizes(groups, extents))
    if [axis for group in groups for axis in group] != order:
        split = [(axis,) for axis in order]
        made = [axis for group in groups for axis in group]
        product = body.reshape(product, _sizes(groups, extents), _sizes([(axis,) for axis in made], extents))
        product = body.transpose(product, [made.index(axis) for axis in order], _sizes(split, extents))
        groups = split
    return body.reshape(product, _sizes(groups, extents), contraction.out.sizes)


def _present(batch: Sequence[str], axes: set[str]) -> list[tuple[str, ...]]:
    """Batch axes of an operand: one element where it lacks an axis, none where it lacks all from there outwards."""
    groups: list[tuple[str, ...]] = [(axis,) if axis in axes else () for axis in batch]
    while groups and not groups[0]:
        groups.pop(0)
    return groups


def _laid(operand: Operand, groups: Groups, extents: Extents, body: Body) -> Value:
    """The operand with dimensions of these axes."""
    digits = [place.digits(extents) for place in operand.places]
    whole = [_size(d.axes, extents) for d in digits]
    value = body.cut(body.value(operand.value), {i: d.part for i, d in enumerate(digits) if d.part}, whole)
    old, wanted = ([axis for group in g for axis in group] for g in ([d.axes for d in digits], groups))
    if sorted(old) != sorted(wanted):
        raise NotPlainError("an axis that a tensor mentions twice")
    if old == wanted:
        return body.reshape(value, whole, _sizes(groups, extents))
    split = [(axis,) for axis in wanted]
    value = body.reshape(value, whole, _sizes([(axis,) for axis in old], extents))
    value = body.transpose(value, [old.index(axis) for axis in wanted], _sizes(split, extents))
    return body.reshape(value, _sizes(split, extents), _sizes(groups, extents))


def _sizes(groups: Groups, extents: Extents) -> list[SymExpr]:
    return [_size(group, extents) for group in groups]


def _size(axes: Sequence[str], extents: Extents) -> SymExpr:
    return math.prod((extents[axis] for axis in axes), start=ONE)
