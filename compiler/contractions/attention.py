"""Attention by its two products: ``softmax(scale * Q K' + masks) V``; all between the products is electronic."""

from __future__ import annotations

import math
from collections.abc import Callable

from heliograph.compiler.contractions.emit import F32, cast, element_of, elementwise, tensor
from heliograph.compiler.contractions.heads import Heads
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import SymExpr, TensorType, Value, sym

Masks = Callable[[Value], Value]  # scaled scores [batch, head, query, key] in float32 -> masked ones


def attend(q: Heads, k: Heads, v: Heads, scale: float, masks: Masks, lowering: Lowering) -> Value:
    """[batch, query, head * channel]; several heads of `q` may share one of `k` and `v`."""
    if q.heads % k.heads or k.heads != v.heads or k.length != v.length:
        raise StaysElectronic("HG2007", f"{q.heads} heads of queries with {k.heads} of keys and {v.heads} of values")
    batch, group = shape_of(q.value)[0], q.heads // k.heads
    b, kv, row, key, channel = (sym(n) for n in ("batch", "kv", "row", "key", "channel"))
    head = kv * group + sym("group") if group > 1 else kv
    extents: dict[str, SymExpr | int] = {"batch": batch, "kv": k.heads}
    if group > 1:
        extents["group"] = group
    extents |= {"row": q.length, "key": k.length, "channel": q.width}
    element = element_of(q.value)
    scores_type = tensor(element, [batch, q.heads, q.length, k.length])
    scores = lowering.contract(
        (q.value, q.index(b, head, row, channel)),
        (k.value, k.index(b, kv, key, channel)),
        (scores_type, [b, head, row, key]),
        extents,
    )
    scores = cast(lowering, scores, F32)
    scores = masks(elementwise(lowering, "Mul", scores, lowering.scalar(scale, F32)))
    weights = cast(lowering, lowering.onnx("Softmax", [scores], scores.type, axis=-1), element)
    out = TensorType(element, (batch, q.length, v.width * q.heads))
    return lowering.contract(
        (weights, [b, head, row, key]),
        (v.value, v.index(b, kv, key, channel)),
        (out, [b, row, head * v.width + channel]),
        {**extents, "channel": v.width},
    )


def scale_of(given: object, width: SymExpr) -> float:
    """The factor of the scores: 1/sqrt(channels) unless a node gives one."""
    if isinstance(given, float) and given != 0.0:
        return given
    if not width.is_constant:
        raise StaysElectronic("HG2006", "the size of a head is unknown")
    return 1.0 / math.sqrt(int(width))
