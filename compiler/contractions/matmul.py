"""MatMul (ONNX, numpy.matmul semantics): any ranks, batch broadcasting, either operand constant or neither."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from heliograph.compiler.contractions.lowering import Index, Lowering, StaysElectronic, out_type, shape_of
from heliograph.ir.core import Op, SymExpr, Value, sym
from heliograph.ir.size_names import spell_size


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one MatMul."""
    return [multiply(op, [range(len(shape_of(v))) for v in op.operands], lowering)]


def multiply(op: Op, orders: Sequence[Sequence[int]], lowering: Lowering) -> Value:
    """The product of the operands of `op`, the dimensions of each read in the order given (a transposition)."""
    left, right = op.operands
    (a, place_a), (b, place_b) = (_read(v, order) for v, order in zip(op.operands, orders, strict=True))
    if not a or not b:
        raise StaysElectronic("HG2007", "MatMul of a scalar")
    extents: dict[str, SymExpr | int] = {}
    batch_a, batch_b, batch_out, dims = _batch(a[:-2], b[:-2], extents)
    row, col, total = sym("row"), sym("col"), sym("sum")
    rows, cols = ([row] if len(a) > 1 else []), ([col] if len(b) > 1 else [])
    if rows:
        extents["row"] = a[-2]
    if cols:
        extents["col"] = b[-1]
    extents["sum"] = a[-1]
    index_a = place_a([*batch_a, *rows, total])
    index_b = place_b([*batch_b, total, *cols])
    sizes = [*dims, *([a[-2]] if rows else []), *([b[-1]] if cols else [])]
    kind = out_type(op, sizes)
    return lowering.contract((left, index_a), (right, index_b), (kind, [*batch_out, *rows, *cols]), extents)


def _read(value: Value, order: Sequence[int]) -> tuple[tuple[SymExpr, ...], Callable[[Index], Index]]:
    """Sizes in the given order, and what brings an index back into the order of the tensor."""
    shape = shape_of(value)
    return tuple(shape[i] for i in order), lambda index: [index[order.index(i)] for i in range(len(order))]


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
    sizes = f"batch sizes {spell_size(a)} and {spell_size(b)}"
    raise StaysElectronic("HG2006", f"{sizes} may or may not broadcast; give --dim values")
