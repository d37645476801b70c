"""Walk a graph in order, compute what can be computed, and replace made-up names everywhere."""

from __future__ import annotations

from heliograph.compiler.contractions.lowering import StaysElectronic
from heliograph.compiler.shapes.rules import RULES, Shape
from heliograph.compiler.shapes.sizes import SizeValues
from heliograph.ir.core import FunctionType, Op, SymExpr, TensorType, Type, Value, walk

_MADE_UP = "unk__"


def refine_shapes(main: Op) -> None:
    """Improve the types of a function's values in place (types only get more precise).

    A size that onnx named ``unk__N`` and that turns out to be an expression is replaced wherever it occurs.
    """
    known: dict[str, SymExpr] = {}
    sizes = SizeValues()
    for op in main.body.ops[:-1]:
        for value in op.results:
            value.type = _substituted(value, known)
        sizes.visit(op)
        _infer(op, sizes, known)
    for op in walk(main):
        for value in op.results:
            value.type = _substituted(value, known)
    inputs, results = main.body.args, main.body.ops[-1].operands
    main.attributes["function_type"] = FunctionType(tuple(v.type for v in inputs), tuple(v.type for v in results))


def _infer(op: Op, sizes: SizeValues, known: dict[str, SymExpr]) -> None:
    rule = RULES.get(op.name.removeprefix("onnx.")) if op.name.startswith("onnx.") else None
    if rule is None:
        return
    try:
        shapes = rule(op, sizes)
    except (StaysElectronic, ValueError, IndexError, TypeError):  # unknown operand shapes, or not a size expression
        return
    for value, shape in zip(op.results, shapes, strict=False):
        if shape is not None:
            _merge(value, shape, known)


def _merge(value: Value, shape: Shape, known: dict[str, SymExpr]) -> None:
    kind = value.type
    if not isinstance(kind, TensorType):
        return
    old = kind.dims if kind.dims is not None else (None,) * len(shape)
    if len(old) != len(shape):
        return
    merged: list[SymExpr | None] = []
    for before, computed in zip(old, shape, strict=True):
        better = before if computed is None or not _improves(before, computed) else computed
        if before is not None and better is not before and len(before.symbols()) == 1:
            (name,) = before.symbols()
            if str(before) == name:
                known[name] = computed  # type: ignore[assignment]
        merged.append(better)
    value.type = TensorType(kind.element, tuple(merged))


def _improves(before: SymExpr | None, computed: SymExpr) -> bool:
    """True when the computed size says more than the one before: fewer made-up names."""
    made_up = any(s.startswith(_MADE_UP) for s in computed.symbols())
    if before is None:
        return True
    return not made_up and any(s.startswith(_MADE_UP) for s in before.symbols())


def _substituted(value: Value, known: dict[str, SymExpr]) -> Type:
    kind = value.type
    if not isinstance(kind, TensorType) or kind.dims is None or not known:
        return kind
    return TensorType(kind.element, tuple(d.substitute(known) if d is not None else None for d in kind.dims))
