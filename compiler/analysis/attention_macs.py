"""Multiply-accumulates of attention in its spellings: Q K^T, the product with V, and projections where they are inside.

Independent of how attention is lowered: it is what a node costs that stays electronic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from heliograph.compiler.analysis.operand_shapes import integer, shape
from heliograph.ir.core import Op, SymExpr, sym


def _standard(op: Op) -> SymExpr:
    """Attention of ONNX: 4-D inputs, or 3-D ones with head counts."""
    q, k, v, past = (shape(op, i) for i in (0, 1, 2, 4))
    if q is None or k is None or v is None:
        return sym(0)
    length = k[-2] + (past[-2] if past is not None else 0)
    if len(q) == 4:
        return q[0] * q[1] * q[2] * length * (q[3] + v[3])
    heads = integer(op, "q_num_heads")
    return q[0] * q[1] * length * (q[2] + (v[2] // integer(op, "kv_num_heads")) * heads)


def _multi_head(op: Op) -> SymExpr:
    """MultiHeadAttention of com.microsoft; packed inputs are not counted."""
    q, k, v, past = (shape(op, i) for i in (0, 1, 2, 6))
    if q is None or k is None or v is None or len(q) != 3:
        return sym(0)
    length = (k[2] if len(k) == 4 else k[1]) + (past[2] if past is not None else 0)
    width = v[1] * v[3] if len(v) == 4 else v[2]
    return q[0] * q[1] * length * (q[2] + width)


def _grouped(op: Op) -> SymExpr:
    """GroupQueryAttention of com.microsoft, packed or not; the length is that of the caches it gives."""
    q, past = shape(op, 0), shape(op, 3)
    if q is None or len(q) != 3:
        return sym(0)
    heads, groups = integer(op, "num_heads"), integer(op, "kv_num_heads")
    packed = shape(op, 1) is None
    width = q[2] // (heads + 2 * groups) * heads if packed else q[2]
    present = getattr(op.results[1].type, "shape", None) if len(op.results) > 1 else None
    length = present[2] if present else q[1] + (past[2] if past is not None else 0)
    return q[0] * q[1] * length * width * 2


def _projecting(op: Op) -> SymExpr:
    """Attention and QAttention of com.microsoft: the projection to Q, K and V belongs to them."""
    x, w, past = shape(op, 0), shape(op, 1), shape(op, 8 if op.name.endswith("QAttention") else 4)
    if x is None or w is None or len(x) != 3:
        return sym(0)
    sizes = op.attributes.get("qkv_hidden_sizes")
    given = [sym(int(s)) for s in getattr(sizes, "values", ())] or [w[1] // 3] * 3
    length = x[1] + (past[3] if past is not None else 0)
    return x[0] * x[1] * (x[2] * w[1] + length * (given[0] + given[2]))


ATTENTION: Mapping[str, Callable[[Op], SymExpr]] = {
    "onnx.Attention": _standard,
    "com.microsoft.MultiHeadAttention": _multi_head,
    "com.microsoft.GroupQueryAttention": _grouped,
    "com.microsoft.Attention": _projecting,
    "com.microsoft.QAttention": _projecting,
}
