"""MatMul (ONNX, numpy.matmul semantics): any ranks, batch broadcasting, either operand constant or neither."""

from __future__ import annotations

from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic, out_type, shape_of
from heliograph.ir.core import Op, SymExpr, Value, sym


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one MatMul."""
    left, right = op.operands
    a, b = shape_of(left), shape_of(right)
    if not a or not b:
        raise StaysElectronic("HG2007", "MatMul of a scalar")
    extents: dict[str, SymExpr | int] = {}
    batch_a, batch_b, batch_out, dims = _batch(a[:-2], b[:-2], extents)
    extents["row"], extents["col"], extents["sum"] = (a[-2] if len(a) > 1 else 1), (b[-1] if len(b) > 1 else 1), a[-1]
    row, col, total = sym("row"), sym("col"), sym("sum")
    index_a = [*batch_a, *([row] if len(a) > 1 else []), total]
    index_b = [*batch_b, total, *([col] if len(b) > 1 else [])]
    index_out = [*batch_out, *([row] if len(a) > 1 else []), *([col] if len(b) > 1 else [])]
    for axis, present in (("row", len(a) > 1), ("col", len(b) > 1)):
        if not present:
            del extents[axis]
    sizes = [*dims, *([a[-2]] if len(a) > 1 else []), *([b[-1]] if len(b) > 1 else [])]
    return [lowering.contract((left, index_a), (right, index_b), (out_type(op, sizes), index_out), extents)]


def _batch(
    a: tuple[SymExpr, ...], b: tuple[SymExpr, ...], extents: dict[str, SymExpr | int]
) -> tuple[list[SymExpr | int], list[SymExpr | int], list[SymExpr | int], list[SymExpr]]:
    """Indices of the broadcast batch dimensions in both operands and the result, and the result's sizes."""
    rank = max(len(a), len(b))
    index_a: list[SymExpr | int] = []
    index_b: list[SymExpr | int] = []
    index_out: list[SymExpr | int] = []
    dims: list[SymExpr] = []
    for position in range(rank):
        size_a = a[position - rank + len(a)] if position >= rank - len(a) else None
        size_b = b[position - rank + len(b)] if position >= rank - len(b) else None
        size = broadcast(size_a, size_b)
        axis = sym(f"batch{position}")
        unit = size == sym(1)
        if not unit:
            extents[f"batch{position}"] = size
        for own, index in ((size_a, index_a), (size_b, index_b)):
            if own is not None:
                index.append(0 if own == sym(1) else axis)
        index_out.append(0 if unit else axis)
        dims.append(size)
    return index_a, index_b, index_out, dims


def broadcast(a: SymExpr | None, b: SymExpr | None) -> SymExpr:
    """Size after broadcasting; raises StaysElectronic when only the run can tell."""
    if a is None or b is None or a == b:
        return b if a is None else a  # type: ignore[return-value]
    if a == sym(1):
        return b
    if b == sym(1):
        return a
    raise StaysElectronic("HG2006", f"batch sizes {a} and {b} may or may not broadcast; give --dim values")
