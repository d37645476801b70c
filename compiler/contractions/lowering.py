"""Where rules emit ops, and the normal form of a contraction.

A rule names the axes of its contraction freely and says where each tensor dimension is read. From which tensors an
axis touches follows its role in a batched matrix product: in both operands and the result it is a batch axis, in
one operand and the result a row or column, in no result a contracted axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from heliograph.compiler.contractions.literals import pack
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import AttributeValue, DialectType, Op, ScalarType, SymExpr, TensorType, Type, Value, sym
from heliograph.ir.dialects import AccessMap, IterSpace, WeightRef
from heliograph.ir.weights import Weights

Index = Sequence[SymExpr | int]
__all__ = ["Index", "Lowering", "StaysElectronic", "check_element", "optional_operand", "out_type", "shape_of"]


@dataclass
class Lowering:
    """Collects the ops that replace one ONNX op."""

    weights: Weights
    constants: frozenset[Value] = frozenset()  # values that do not change from run to run
    ops: list[Op] = field(default_factory=list)
    loc: str = ""
    any_element: bool = False  # count the work of integer contractions too, which light cannot take
    _derived: set[Value] = field(default_factory=set)  # constants that the emitted ops compute
    _literals: dict[tuple[TensorType, str], Value] = field(default_factory=dict)

    def emit(self, op: Op) -> Value:
        """Append an op with one result and give that result; it is constant where all operands are."""
        op.loc = op.loc or self.loc
        self.ops.append(op)
        if all(self.is_constant(v) for v in op.operands):
            self._derived.update(op.results)
        return op.result

    def is_constant(self, value: Value) -> bool:
        """Whether a value is the same in every run."""
        return value in self.constants or value in self._derived

    def onnx(self, op_type: str, operands: Sequence[Value], result: Type, **attributes: AttributeValue) -> Value:
        """Emit an electronic ONNX op."""
        return self.emit(Op(f"onnx.{op_type}", operands, [result], attributes))

    def none(self) -> Value:
        """An absent operand or result."""
        return self.emit(Op("helio.none", [], [ScalarType("none")]))

    def int64s(self, values: Sequence[int]) -> Value:
        """A constant int64 vector."""
        return self._constant(TensorType.of("i64", len(values)), pack(values, "i64"))

    def scalar(self, value: float, element: ScalarType) -> Value:
        """A constant scalar. Raises StaysElectronic for exotic types."""
        return self._constant(TensorType(element, ()), pack([value], element.name))

    def _constant(self, kind: TensorType, data: str) -> Value:
        assert isinstance(kind.element, ScalarType)
        if (kind, data) not in self._literals:
            ref = WeightRef(f"{self.loc}.{kind.element.name}.{data}", data=data)
            self._literals[kind, data] = self.emit(Op("helio.weight", [], [kind], {"ref": ref}))
        return self._literals[kind, data]

    def contract(
        self,
        left: tuple[Value, Index],
        right: tuple[Value, Index],
        out: tuple[TensorType, Index],
        extents: Mapping[str, SymExpr | int],
        *,
        add: bool = False,
    ) -> Value:
        """Emit the contraction ``out[...] (+)= sum left[...] * right[...]`` over the axes of `extents`.

        The operand that is constant is held in weight banks; where neither or both are, the right one is.
        """
        if not self.any_element:
            check_element(left[0], right[0])
        if self.is_constant(left[0]) and not self.is_constant(right[0]):
            left, right = right, left
        used = [_symbols(index) for index in (left[1], right[1], out[1])]
        names: dict[str, SymExpr | int] = {}
        sizes: dict[str, list[SymExpr | int]] = {"b": [], "m": [], "k": [], "n": []}
        for axis, extent in extents.items():
            role = _role(*(axis in u for u in used))
            names[axis] = sym(f"{role}{len(sizes[role])}")
            sizes[role].append(_plain(extent))
        space = IterSpace(**{role: tuple(e) for role, e in sizes.items()})
        maps = [AccessMap.of(*(sym(e).substitute(names) for e in i)) for i in (left[1], right[1], out[1])]
        attributes: dict[str, AttributeValue] = {
            "space": space,
            "lhs": maps[0],
            "rhs": maps[1],
            "out": maps[2],
            "combine": "add" if add else "store",
            "macs": _plain(space.macs),
        }
        return self.emit(Op("optical.gemm", [left[0], right[0]], [out[0]], attributes))


def _plain(extent: SymExpr | int) -> SymExpr | int:
    expr = sym(extent)
    return int(expr) if expr.is_constant else expr


def _symbols(index: Index) -> frozenset[str]:
    return frozenset(s for e in index for s in sym(e).symbols())


def _role(left: bool, right: bool, out: bool) -> str:
    if not out:
        return "k"
    if left and right:
        return "b"
    return "n" if right else "m"


def check_element(*values: Value) -> None:
    """Light carries real numbers of bounded precision: raise StaysElectronic for all other tensors, saying why."""
    for value in values:
        element = value.type.element if isinstance(value.type, TensorType) else None
        if isinstance(element, ScalarType) and element.is_float:
            continue
        name = element.name if isinstance(element, ScalarType | DialectType) else "none"
        if name in ("none", "onnx.undefined"):
            raise StaysElectronic("HG2006", "element type of an operand is unknown")
        if name.lstrip("ui").isdigit():
            raise StaysElectronic(
                "HG2004", f"elements of type {name}: nothing bounds their sums, so no format is exact"
            )
        raise StaysElectronic("HG2004", f"elements of type {name.removeprefix('onnx.')} cannot be put on light")


def shape_of(value: Value) -> tuple[SymExpr, ...]:
    """All sizes of a tensor. Raises StaysElectronic when shape inference did not find them."""
    shape = value.type.shape if isinstance(value.type, TensorType) else None
    if shape is None:
        raise StaysElectronic("HG2006", "shape of an operand is unknown; give --dim values")
    if any(d.is_constant and int(d) == 0 for d in shape):
        raise StaysElectronic("HG2002", "an operand is empty")
    return shape


def out_type(op: Op, dims: Sequence[SymExpr]) -> TensorType:
    """The op's result type with `dims`, which follow from the operands and so are known whenever those are."""
    kind = op.results[0].type
    source = kind if isinstance(kind, TensorType) and isinstance(kind.element, ScalarType) else op.operands[0].type
    assert isinstance(source, TensorType)
    return TensorType(source.element, tuple(dims))


def optional_operand(op: Op, index: int) -> Value | None:
    """Operand `index` of an ONNX op, None when absent."""
    if index >= len(op.operands) or op.operands[index].type == ScalarType("none"):
        return None
    return op.operands[index]
