"""GroupQueryAttention of com.microsoft: several heads of queries share keys and values; caches grow in place.

Its batch entries may have caches of unequal length: `seqlens_k` says how many places each has after this step.
"""

from __future__ import annotations

from heliograph.compiler.contractions import masks
from heliograph.compiler.contractions.attention import attend, scale_of
from heliograph.compiler.contractions.attention_parts import caches, head_count, optionals
from heliograph.compiler.contractions.cache import Lengths, grown
from heliograph.compiler.contractions.emit import F32, count, elementwise, reshape
from heliograph.compiler.contractions.heads import Heads
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.contractions.rotary import rotated
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import Op, SymExpr, TensorType, Value
from heliograph.ir.size_names import spell_size

_UNUSUAL = {11: "an attention sink", 12: "a quantized cache", 13: "a quantized cache", 14: "normalised queries"}
_UNUSUAL |= {15: "normalised keys", 16: "queries of unequal length"}
_PLAIN = {"smooth_softmax": (0, -1), "qk_output": (0,), "causal": (1,), "sliding_window_cache": (0,)}


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one GroupQueryAttention."""
    _check(op)
    query, (key, value, past_key, past_value, _, _, cos, sin, positions, added) = op.operands[0], optionals(op, 1, 11)
    heads, groups = head_count(op, "num_heads"), head_count(op, "kv_num_heads")
    q, k, v = _split(query, key, value, heads, groups)
    lengths = Lengths.of(query, op.operands[5], op.operands[6], lowering)
    if op.attributes.get("do_rotary"):
        if cos is None or sin is None:
            raise StaysElectronic("HG2007", "rotary embedding without its angles")
        places = positions if positions is not None else lengths.positions(lowering)
        interleaved = bool(op.attributes.get("rotary_interleaved"))
        q, k = (rotated(h, places, (cos, sin), lowering, interleaved=interleaved) for h in (q, k))
    if past_key is not None and past_value is not None:
        total = _present(op, shape_of(past_key)[2] + q.length)
        k, v = (grown(p, h, lengths, total, lowering) for p, h in ((past_key, k), (past_value, v)))

    def mask(scores: Value) -> Value:
        cap, window = op.attributes.get("softcap"), op.attributes.get("local_window_size", -1)
        assert isinstance(window, int)
        if isinstance(cap, float) and cap > 0:
            limit = lowering.scalar(cap, F32)
            inner = elementwise(lowering, "Div", scores, limit)
            scores = elementwise(lowering, "Mul", lowering.onnx("Tanh", [inner], inner.type), limit)
        if added is not None:
            scores = masks.biased(scores, added, lowering)
        rows = reshape(lowering, count(lowering, scores, 2), [1, 1, q.length, 1])
        before = reshape(lowering, lengths.before, [shape_of(query)[0], 1, 1, 1])
        return masks.seen(scores, elementwise(lowering, "Add", rows, before), lowering, window=window)

    result = attend(q, k, v, scale_of(op.attributes.get("scale"), q.width), mask, lowering)
    return [result, *caches(op, [k, v], lowering)]


def _check(op: Op) -> None:
    """Raises StaysElectronic for what is not spelled out here."""
    for index, what in _UNUSUAL.items():
        if optionals(op, index, index + 1) != [None]:
            raise StaysElectronic("HG2007", f"attention with {what}")
    for name, plain in _PLAIN.items():
        if op.attributes.get(name, plain[0]) not in plain:
            raise StaysElectronic("HG2007", f"attention with {name} = {op.attributes[name]}")
    if any(op.attributes.get(f"{side}_quant_type", "NONE") != "NONE" for side in "kv"):
        raise StaysElectronic("HG2007", "attention with a quantized cache")
    if len(op.results) > 3:
        raise StaysElectronic("HG2007", "scores as a result")


def _split(query: Value, key: Value | None, value: Value | None, heads: int, groups: int) -> tuple[Heads, Heads, Heads]:
    """Queries, keys and values, which may lie side by side in one tensor."""
    channels = shape_of(query)[2]
    parts = heads if key is not None else heads + 2 * groups
    if not channels.is_constant or int(channels) % parts:
        raise StaysElectronic("HG2006", f"{spell_size(channels)} channels in {parts} heads")
    width = int(channels) // parts
    if key is None or value is None:
        starts = (0, heads * width, (heads + groups) * width)
        q, k, v = (Heads.packed(query, n, width, s) for n, s in zip((heads, groups, groups), starts, strict=True))
        return q, k, v
    return Heads.packed(query, heads, width), Heads.packed(key, groups, width), Heads.packed(value, groups, width)


def _present(op: Op, otherwise: SymExpr) -> SymExpr:
    """Places of the caches that the op gives: as the model declares them."""
    kind = op.results[1].type if len(op.results) > 1 else None
    dims = kind.dims if isinstance(kind, TensorType) else None
    declared = dims[2] if dims is not None and len(dims) == 4 else None
    return declared if declared is not None else otherwise
