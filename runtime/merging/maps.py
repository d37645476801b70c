"""Access maps while sizes are symbols: where a dimension of a tensor is read, and the axes it holds like digits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from heliograph.ir.core import SymExpr, TensorType, Value, sym
from heliograph.ir.dialects import AccessMap
from heliograph.ir.size_names import size_name

Extents = Mapping[str, SymExpr]  # axis -> how many; axes of one element are left out
ONE = sym(1)


class NotPlainError(Exception):
    """Why a contraction has no plain ONNX form; never leaves the package."""


@dataclass(frozen=True)
class Place:
    """Where one dimension is read: ``start + sum of step * axis``."""

    size: SymExpr
    start: int
    steps: Mapping[str, int]

    def overlaps(self, extents: Extents) -> bool:
        """Whether several axes meet here without being digits of one number."""
        if len(self.steps) < 2:
            return False
        try:
            self.digits(extents)
        except NotPlainError:
            return True
        return False

    def digits(self, extents: Extents) -> Digits:
        """The axes as digits of one number, outermost first. Raises NotPlainError when they leave gaps or overlap."""
        weight, axes = ONE, []
        for axis, step in sorted(self.steps.items(), key=lambda item: item[1]):
            if sym(step) != weight:
                raise NotPlainError(f"axis {axis} takes steps of {step} where {weight} would leave no gap")
            weight = weight * extents[axis]
            axes.append(axis)
        if weight == self.size and self.start == 0:
            return Digits(tuple(reversed(axes)), None)
        if not weight.is_constant or not self.size.is_constant:
            raise NotPlainError(f"{weight} elements from {self.start} of {self.size}")
        end = self.start + int(weight)
        if self.start < 0 or end > int(self.size):
            raise NotPlainError(f"elements {self.start} to {end} of {self.size}")
        return Digits(tuple(reversed(axes)), (self.start, end))


@dataclass(frozen=True)
class Digits:
    """Axes that one dimension holds, outermost first, and the part of the dimension in which they lie (None: all)."""

    axes: tuple[str, ...]
    part: tuple[int, int] | None


@dataclass(frozen=True)
class Operand:
    """A tensor of a contraction and where it is read or written."""

    value: Value
    places: tuple[Place, ...]

    @property
    def axes(self) -> tuple[str, ...]:
        """Axes in the order of the dimensions that mention them."""
        return tuple(axis for place in self.places for axis in place.steps)

    @property
    def sizes(self) -> tuple[SymExpr, ...]:
        """Sizes of the tensor."""
        return tuple(place.size for place in self.places)


def read_operand(value: Value, index: AccessMap, extents: Extents, axes: Iterable[str]) -> Operand:
    """A map over a tensor; `axes` are all that it may mention, whatever their extent. Raises NotPlainError."""
    kind, names = value.type, frozenset(axes)
    shape = kind.shape if isinstance(kind, TensorType) else None
    if shape is None or len(shape) != len(index.exprs):
        raise NotPlainError(f"the sizes of {kind} are not all known")
    return Operand(value, tuple(_place(s, e, extents, names) for s, e in zip(shape, index.exprs, strict=True)))


def _place(size: SymExpr, expr: SymExpr, extents: Extents, axes: frozenset[str]) -> Place:
    if not expr.is_affine:
        raise NotPlainError(f"index {expr}")
    if unknown := expr.symbols() - axes:
        raise NotPlainError(f"index {expr} depends on the size {size_name(min(unknown))}")
    return Place(size, expr.constant, {a: expr.coefficient(a) for a in expr.symbols() if a in extents})
