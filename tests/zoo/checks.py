"""What every test of the zoo asks of a compiled model."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from heliograph.compiler.unit import Unit
from heliograph.ir.control import executed
from heliograph.ir.core import Op, ScalarType, SymExpr, TensorType, Value, sym, walk
from heliograph.ir.dialects import Work
from heliograph.runtime import Executor

CONTRACTIONS = frozenset(
    "MatMul Gemm Conv ConvTranspose Einsum LSTM GRU RNN Attention MatMulInteger ConvInteger QLinearMatMul "
    "QLinearConv".split()
)


def run(unit: Unit, feeds: dict[str, Any]) -> list[Any]:
    """Outputs on the ideal engine."""
    return list(Executor(unit.module, unit.weights, engine="ideal").run(feeds).values())


def same(found: list[Any], expected: list[Any], tolerance: float) -> None:
    """Equal shapes and types; values equal relative to the largest of each output."""
    assert len(found) == len(expected)
    for value, reference in zip(found, expected, strict=True):
        assert value.shape == reference.shape
        assert value.dtype == reference.dtype
        a, b = value.astype(np.float64), reference.astype(np.float64)
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * np.abs(b).max(initial=0))


def program_macs(unit: Unit, feeds: dict[str, Any]) -> int:
    """MACs of kernels and electronic regions, with sizes that only a run knows taken from a run."""
    main = next(op for op in unit.module.body.ops if op.sym_name == "main")
    names = main.attributes["helio.inputs"]
    assert isinstance(names, tuple)
    sizes: dict[str, int] = {}
    for name, value in zip(names, main.body.args, strict=True):
        _bind(value, feeds[str(name)], sizes)

    def observe(op: Op, name: str, found: Any) -> None:
        for value in op.results:
            if value.name == name:
                _bind(value, found, sizes)

    Executor(unit.module, unit.weights, engine="ideal", observer=observe).run(feeds)
    sizes |= {f"trips_{name}": int(feeds["steps"]) for name in ("Loop",) if "steps" in feeds}

    def number(expr: SymExpr) -> int:
        return expr.evaluate(sizes)

    total = 0
    for running in executed(main.body.ops, number):
        macs, work = running.op.attributes.get("macs", 0), running.op.attributes.get("work")
        if running.op.name == "func.call":
            assert isinstance(macs, int | SymExpr)
            total += running.times * number(sym(macs))
        elif running.op.name == "electronic.region" and isinstance(work, Work):
            total += running.times * work.evaluate(sizes)["macs"]
    return total


def _bind(value: Value, array: Any, sizes: dict[str, int]) -> None:
    dims = value.type.dims if isinstance(value.type, TensorType) else None
    for dim, size in zip(dims or (), np.shape(array), strict=False):
        if dim is not None and str(dim).isidentifier():
            sizes.setdefault(str(dim), size)


def left_on_electronics(unit: Unit) -> dict[str, int]:
    """Contractions of real numbers in electronic regions: how many of each type."""
    inside = (op for region in walk(unit.module) if region.name == "electronic.region" for op in walk(region))
    kinds = (op.name.rpartition(".")[2] for op in inside if _is_real(op))
    return dict(Counter(kind for kind in kinds if kind in CONTRACTIONS))


def _is_real(op: Op) -> bool:
    kind = op.operands[0].type if op.operands else None
    return isinstance(kind, TensorType) and isinstance(kind.element, ScalarType) and kind.element.is_float


def unknown_sizes(unit: Unit) -> list[str]:
    """Nodes of the main graph with a result whose size says more than the inputs' sizes do."""
    main = next(op for op in unit.module.body.ops if op.sym_name == "main")
    given = {s for v in main.body.args for d in _dims(v) for s in (d.symbols() if d is not None else ())}
    return [
        op.loc
        for op in main.body.ops
        for value in op.results
        if any(d is None or not d.symbols() <= given for d in _dims(value))
    ]


def _dims(value: Value) -> tuple[SymExpr | None, ...]:
    kind = value.type
    if not isinstance(kind, TensorType):
        return ()
    return kind.dims if kind.dims is not None else (None,)
