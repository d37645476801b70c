"""Small integer tensors that hold sizes, followed as lists of expressions."""

from __future__ import annotations

import struct
from collections.abc import Callable

from heliograph.ir.core import DenseArray, Op, ScalarType, SymExpr, TensorType, Value, sym
from heliograph.ir.dialects import InlineTensor, WeightRef

_FORMATS = {"i64": "q", "i32": "i"}
_BINARY: dict[str, Callable[[SymExpr, SymExpr], SymExpr]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "Div": lambda a, b: a // b,
    "Mod": lambda a, b: a % b,
    "Max": lambda a, b: a.max(b),
    "Min": lambda a, b: a.min(b),
}


def _equal(a: SymExpr, b: SymExpr) -> SymExpr:
    """1 or 0 where that holds for all sizes >= 1. Raises ValueError when only the run can tell."""
    if a == b:
        return sym(1)
    bounds = ((a - b).lower_bound(), (b - a).lower_bound())
    if not any(bound is not None and bound > 0 for bound in bounds):
        raise ValueError(f"{a} may or may not equal {b}")
    return sym(0)


_BINARY["Equal"] = _equal
_BINARY["And"] = lambda a, b: sym(int(a) and int(b))  # of 0 and 1; raises ValueError when only the run can tell
_BINARY["Or"] = lambda a, b: sym(int(a) or int(b))
_SAME = frozenset(("Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten"))


class SizeValues:
    """Known contents of integer tensors of rank 0 and 1."""

    def __init__(self) -> None:
        self._known: dict[Value, tuple[SymExpr, ...]] = {}
        self._floats: dict[Value, tuple[float, ...]] = {}

    def of(self, value: Value) -> tuple[SymExpr, ...] | None:
        """The elements of a tensor, None when not followed."""
        return self._known.get(value)

    def ints(self, value: Value) -> tuple[int, ...] | None:
        """The elements when all are constants."""
        found = self.of(value)
        if found is None or not all(e.is_constant for e in found):
            return None
        return tuple(int(e) for e in found)

    def floats(self, value: Value) -> tuple[float, ...] | None:
        """The elements of a small constant of 32-bit floats."""
        return self._floats.get(value)

    def visit(self, op: Op) -> None:
        """Learn the contents of an op's result, where it is a small integer tensor."""
        if len(op.results) != 1 or not isinstance(op.results[0].type, TensorType):
            return
        try:
            elements = self._elements(op)
        except (ValueError, IndexError, ZeroDivisionError):
            return
        if elements is not None:
            self._known[op.result] = elements

    def _elements(self, op: Op) -> tuple[SymExpr, ...] | None:
        if op.name == "helio.weight":
            ref = op.attributes["ref"]
            assert isinstance(ref, WeightRef)
            held = op.result.type
            if isinstance(held, TensorType) and held.element == ScalarType("f32") and held.rank == 1 and ref.data:
                self._floats[op.result] = struct.unpack(f"<{len(ref.data) // 8}f", bytes.fromhex(ref.data))
            return _decode(held, ref.data)
        kind = op.name.removeprefix("onnx.")
        if kind == "Shape":
            return _shape(op)
        operands = [self.of(v) for v in op.operands if v.type != ScalarType("none")]
        if kind == "Concat":
            return tuple(e for o in operands for e in o) if all(o is not None for o in operands) else None  # type: ignore[union-attr]
        first = operands[0] if operands else None
        if first is None:
            return None
        if kind in _SAME:
            return first
        if kind == "Not":
            return tuple(sym(1 - int(e)) for e in first)
        if kind == "Gather":
            picks = self.ints(op.operands[1])
            return None if picks is None else tuple(first[i] for i in picks)
        if kind == "Slice":
            return self._slice(op, first)
        if kind in _BINARY and len(operands) == 2 and operands[1] is not None:
            second = operands[1]
            count = max(len(first), len(second))
            left, right = _spread(first, count), _spread(second, count)
            return tuple(_BINARY[kind](a, b) for a, b in zip(left, right, strict=True))
        if kind == "Where" and all(o is not None for o in operands):
            test, yes, no = (_spread(o, max(len(p) for p in operands if p)) for o in operands if o is not None)
            return tuple(a if int(t) else b for t, a, b in zip(test, yes, no, strict=True))
        if kind == "ReduceProd":
            product = sym(1)
            for e in first:
                product = product * e
            return (product,)
        if kind == "ConstantOfShape":
            length = self.ints(op.operands[0])
            value = op.attributes.get("value")
            if length is None or len(length) != 1 or not 0 <= length[0] <= 16 or not isinstance(value, InlineTensor):
                return None
            return (_decode(value.type, value.data) or ()) * length[0] or None
        return None

    def _slice(self, op: Op, data: tuple[SymExpr, ...]) -> tuple[SymExpr, ...] | None:
        parts = [self.ints(v) for v in op.operands[1:]]
        if any(p is None or len(p) != 1 for p in parts):
            return None
        start, end, *rest = (p[0] for p in parts if p is not None)
        step = rest[1] if len(rest) > 1 else 1
        return data[start:end:step]


def _spread(elements: tuple[SymExpr, ...], count: int) -> tuple[SymExpr, ...]:
    return elements * count if len(elements) == 1 else elements


def _shape(op: Op) -> tuple[SymExpr, ...] | None:
    kind = op.operands[0].type
    shape = kind.shape if isinstance(kind, TensorType) else None
    if shape is None:
        return None
    start, end = op.attributes.get("start", 0), op.attributes.get("end", len(shape))
    assert isinstance(start, int)
    assert isinstance(end, int)
    return shape[start:end]


def _decode(kind: object, data: str) -> tuple[SymExpr, ...] | None:
    if not isinstance(kind, TensorType) or not isinstance(kind.element, ScalarType) or not data:
        return None
    code = _FORMATS.get(kind.element.name)
    if code is None or kind.rank is None or kind.rank > 1:
        return None
    raw = bytes.fromhex(data)
    return tuple(sym(v) for v in struct.unpack(f"<{len(raw) // struct.calcsize(code)}{code}", raw))


def int_list(op: Op, name: str) -> tuple[int, ...] | None:
    """An INTS attribute, None when absent."""
    value = op.attributes.get(name)
    return tuple(int(v) for v in value.values) if isinstance(value, DenseArray) else None
