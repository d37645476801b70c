"""Electronic ONNX ops around a matrix product, with the types of their results worked out.

Only ops that mean the same in every opset from 13 on are used, so a lowered model needs no newer opset than its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import DenseArray, ScalarType, SymExpr, TensorType, Value, sym

F32, F64, I32, I64, U8, BOOL = (ScalarType(name) for name in ("f32", "f64", "i32", "i64", "ui8", "i1"))
_CODES = {"f32": 1, "ui8": 2, "i8": 3, "i16": 5, "i32": 6, "i64": 7, "i1": 9, "f16": 10, "f64": 11, "bf16": 16}
Dim = SymExpr | int


def tensor(element: ScalarType, dims: Sequence[Dim]) -> TensorType:
    """A tensor type of known sizes."""
    return TensorType(element, tuple(sym(d) for d in dims))


def element_of(value: Value) -> ScalarType:
    """The element type of a tensor. Raises StaysElectronic when it has no numeric one."""
    element = value.type.element if isinstance(value.type, TensorType) else None
    if not isinstance(element, ScalarType):
        raise StaysElectronic("HG2006", "element type of an operand is unknown")
    return element


def cast(lowering: Lowering, value: Value, element: ScalarType) -> Value:
    """The value in another element type."""
    if element_of(value) == element:
        return value
    if element.name not in _CODES:
        raise StaysElectronic("HG2007", f"conversion to {element.name}")
    kind = value.type
    assert isinstance(kind, TensorType)
    return lowering.onnx("Cast", [value], TensorType(element, kind.dims), to=_CODES[element.name])


def elementwise(
    lowering: Lowering, op_type: str, left: Value, right: Value, *, element: ScalarType | None = None
) -> Value:
    """Add, Sub, Mul, Div, comparisons ...: broadcast as ONNX does; comparisons give `element`."""
    dims = spread(shape_of(left), shape_of(right))
    return lowering.onnx(op_type, [left, right], tensor(element or element_of(left), dims))


def spread(a: Sequence[SymExpr], b: Sequence[SymExpr]) -> tuple[SymExpr, ...]:
    """Sizes after broadcasting operands that are known to fit."""
    rank = max(len(a), len(b))
    one = sym(1)
    left, right = ([one] * (rank - len(s)) + list(s) for s in (a, b))
    return tuple(y if x == one or (y.is_constant and y != one) else x for x, y in zip(left, right, strict=True))


def where(lowering: Lowering, test: Value, yes: Value, no: Value) -> Value:
    """Elements of `yes` where `test` holds, else of `no`."""
    dims = spread(spread(shape_of(test), shape_of(yes)), shape_of(no))
    return lowering.onnx("Where", [test, yes, no], tensor(element_of(yes), dims))


def reshape(lowering: Lowering, value: Value, dims: Sequence[Dim]) -> Value:
    """The same elements in other sizes, of which at most one may be symbolic and not stand where it stood."""
    old, wanted = shape_of(value), tuple(sym(d) for d in dims)
    if old == wanted:
        return value
    if not wanted:
        return lowering.onnx("Squeeze", [value], tensor(element_of(value), ()))
    spelled: list[int] = []
    for position, size in enumerate(wanted):
        if size.is_constant:
            spelled.append(int(size))
        else:
            spelled.append(0 if position < len(old) and old[position] == size else -1)
    if spelled.count(-1) > 1:
        raise StaysElectronic("HG2006", "several sizes of a reshape are unknown; give --dim values")
    return lowering.onnx("Reshape", [value, lowering.int64s(spelled)], tensor(element_of(value), wanted))


def unsqueeze(lowering: Lowering, value: Value, axes: Sequence[int]) -> Value:
    """Sizes of 1 put in at these places of the result."""
    dims = list(shape_of(value))
    for axis in sorted(axes):
        dims.insert(axis, sym(1))
    return lowering.onnx("Unsqueeze", [value, lowering.int64s(axes)], tensor(element_of(value), dims))


def entry(lowering: Lowering, value: Value, index: int) -> Value:
    """One entry of the first axis."""
    kind = tensor(element_of(value), shape_of(value)[1:])
    return lowering.onnx("Gather", [value, lowering.scalar(index, I64)], kind, axis=0)


def transpose(lowering: Lowering, value: Value, order: Sequence[int]) -> Value:
    """Dimensions in another order."""
    old = shape_of(value)
    kind = tensor(element_of(value), [old[i] for i in order])
    return lowering.onnx("Transpose", [value], kind, perm=DenseArray("i64", tuple(order)))


def concat(lowering: Lowering, values: Sequence[Value], axis: int) -> Value:
    """Values one after the other along an axis."""
    dims = list(shape_of(values[0]))
    for value in values[1:]:
        dims[axis] = dims[axis] + shape_of(value)[axis]
    return lowering.onnx("Concat", list(values), tensor(element_of(values[0]), dims), axis=axis)


def cut(lowering: Lowering, value: Value, axis: int, start: int, end: int) -> Value:
    """The part from `start` to `end` of one axis."""
    dims: list[Dim] = list(shape_of(value))
    dims[axis] = end - start
    bounds = [lowering.int64s([n]) for n in (start, end, axis)]
    return lowering.onnx("Slice", [value, *bounds], tensor(element_of(value), dims))


def size_of(lowering: Lowering, value: Value, axis: int) -> Value:
    """One size of a tensor, as an int64 scalar that the run computes."""
    rank = len(shape_of(value))
    shape = lowering.onnx("Shape", [value], tensor(I64, [rank]))
    return lowering.onnx("Gather", [shape, lowering.scalar(axis % rank, I64)], tensor(I64, []), axis=0)


def count(lowering: Lowering, value: Value, axis: int) -> Value:
    """0, 1, 2 ... along one axis of a tensor, as an int64 vector."""
    bounds = [lowering.scalar(0, I64), size_of(lowering, value, axis), lowering.scalar(1, I64)]
    return lowering.onnx("Range", bounds, tensor(I64, [shape_of(value)[axis]]))


def is_single(value: Value) -> bool:
    """A scalar, or a vector of one element."""
    return shape_of(value) in ((), (sym(1),))
