"""Walk a graph in order, compute what can be computed, and replace made-up names everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from heliograph.compiler.contractions.lowering import StaysElectronic
from heliograph.compiler.shapes.elements import complete
from heliograph.compiler.shapes.rules import RULES, Shape
from heliograph.compiler.shapes.sizes import SizeValues
from heliograph.ir.core import FunctionType, Op, SymExpr, TensorType, Type, Value, walk


def refine_shapes(main: Op) -> None:
    """Improve the types of a function's values in place (types only get more precise).

    Symbols that no input has are names that onnx or an exporter made up for sizes it did not know; one that turns out
    to be an expression in the inputs' symbols is replaced wherever it occurs.
    """
    known: dict[str, SymExpr] = {}
    given = frozenset(s for a in main.body.args for d in _dims(a) if d is not None for s in d.symbols())
    sizes = SizeValues()
    _block(main.body.ops[:-1], sizes, known, given)
    for op in walk(main):
        for value in op.results:
            value.type = _substituted(value, known)
    inputs, results = main.body.args, main.body.ops[-1].operands
    main.attributes["function_type"] = FunctionType(tuple(v.type for v in inputs), tuple(v.type for v in results))


def _block(ops: Sequence[Op], sizes: SizeValues, known: dict[str, SymExpr], given: frozenset[str]) -> None:
    for op in ops:
        for region in op.regions:  # bodies see the values before them; sizes that a body makes up stay its own
            _block(region.block.ops[:-1], sizes, known, given)
        for value in op.results:
            value.type = _substituted(value, known)
        sizes.visit(op)
        _infer(op, sizes, known, given)


def _infer(op: Op, sizes: SizeValues, known: dict[str, SymExpr], given: frozenset[str]) -> None:
    complete(op)
    rule = RULES.get(op.name.removeprefix("onnx.")) if op.name.startswith("onnx.") else None
    if rule is None:
        return
    try:
        shapes = rule(op, sizes)
    except (StaysElectronic, ValueError, IndexError, TypeError):  # unknown operand shapes, or not a size expression
        return
    for value, shape in zip(op.results, shapes, strict=False):
        if shape is not None:
            _merge(value, shape, known, given)


def _merge(value: Value, shape: Shape, known: dict[str, SymExpr], given: frozenset[str]) -> None:
    kind = value.type
    if not isinstance(kind, TensorType):
        return
    old = kind.dims if kind.dims is not None else (None,) * len(shape)
    if len(old) != len(shape):
        return
    merged: list[SymExpr | None] = []
    for before, computed in zip(old, shape, strict=True):
        better = before if computed is None or not _improves(before, computed, given) else computed
        name = str(before)
        if computed is not None and better is computed and name.isidentifier() and name not in given:
            known[name] = computed
        merged.append(better)
    value.type = TensorType(kind.element, tuple(merged))


def _improves(before: SymExpr | None, computed: SymExpr, given: frozenset[str]) -> bool:
    """True for sizes in the inputs' symbols; those also win over what a model declares of its own outputs."""
    return before is None or computed.symbols() <= given


def _dims(value: Value) -> tuple[SymExpr | None, ...]:
    return (value.type.dims or ()) if isinstance(value.type, TensorType) else ()


def _substituted(value: Value, known: dict[str, SymExpr]) -> Type:
    kind = value.type
    if not isinstance(kind, TensorType) or kind.dims is None or not known:
        return kind
    return TensorType(kind.element, tuple(d.substitute(known) if d is not None else None for d in kind.dims))
