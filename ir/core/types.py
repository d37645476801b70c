"""Types of values, printed as MLIR prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heliograph.ir.core.sym import SymExpr, sym

if TYPE_CHECKING:
    from heliograph.ir.core.attributes import AttributeValue

FLOATS = (
    "f64",
    "f32",
    "f16",
    "bf16",
    "f8E4M3FN",
    "f8E4M3FNUZ",
    "f8E5M2",
    "f8E5M2FNUZ",
    "f4E2M1FN",
    "f8E8M0FNU",
)


class Type:
    """Base of all types."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ScalarType(Type):
    """A builtin scalar: `f32`, `i64`, `ui8`, `i1`, `index`, `none`, ..."""

    name: str

    @property
    def is_float(self) -> bool:
        """True for a real floating-point type."""
        return self.name in FLOATS


@dataclass(frozen=True, slots=True)
class TensorType(Type):
    """A tensor. `dims` is None when the rank is unknown; a None entry is a size nobody named."""

    element: Type
    dims: tuple[SymExpr | None, ...] | None

    @staticmethod
    def of(element: str, *dims: int | str | SymExpr | None) -> TensorType:
        """Shorthand: ``TensorType.of("f32", "batch", 3, 28, 28)``."""
        return TensorType(ScalarType(element), tuple(None if d is None else sym(d) for d in dims))

    @property
    def rank(self) -> int | None:
        """Number of dimensions, None when unknown."""
        return None if self.dims is None else len(self.dims)

    @property
    def shape(self) -> tuple[SymExpr, ...] | None:
        """All sizes, or None when the rank or any size is unknown."""
        if self.dims is None or any(d is None for d in self.dims):
            return None
        return tuple(d for d in self.dims if d is not None)

    @property
    def numel(self) -> SymExpr | None:
        """Number of elements, or None when unknown."""
        shape = self.shape
        if shape is None:
            return None
        total = sym(1)
        for size in shape:
            total = total * size
        return total


@dataclass(frozen=True, slots=True)
class DialectType(Type):
    """A type of a dialect, e.g. ``!optical.bank<8, 8>`` or ``!onnx.seq<tensor<4xf32>>``."""

    name: str
    params: tuple[AttributeValue, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    """Inputs and results of an op or function."""

    inputs: tuple[Type, ...]
    results: tuple[Type, ...]
