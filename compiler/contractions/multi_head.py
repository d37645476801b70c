"""MultiHeadAttention of com.microsoft."""

from __future__ import annotations

from heliograph.compiler.contractions.attention import attend, scale_of
from heliograph.compiler.contractions.attention_parts import attribute_masks, caches, head_count, optionals
from heliograph.compiler.contractions.emit import cut, elementwise
from heliograph.compiler.contractions.heads import Heads
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import Op, Value, sym


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Queries, keys and values are separate; keys and values may already be head by head."""
    query, (key, value, bias, mask, added, past_key, past_value, *shared) = op.operands[0], optionals(op, 1, 10)
    if key is None or value is None or len(shape_of(query)) != 3:
        raise StaysElectronic("HG2007", "queries, keys and values packed into one tensor of rank 5")
    if any(v is not None for v in shared):
        raise StaysElectronic("HG2007", "a cache that is longer than what it holds")
    if len(op.results) > 3:
        raise StaysElectronic("HG2007", "scores as a result")
    heads = head_count(op, "num_heads")
    operands = [query, key, value]
    if bias is not None:
        operands = _biased(operands, bias, lowering)
    q, k, v = (_heads(x, heads) for x in operands)
    if past_key is not None and past_value is not None:
        k, v = k.after(past_key, lowering), v.after(past_value, lowering)
    masks = attribute_masks(op, mask, added, lowering)
    result = attend(q, k, v, scale_of(op.attributes.get("scale"), q.width), masks, lowering)
    return [result, *caches(op, [k, v], lowering)]


def _heads(value: Value, heads: int) -> Heads:
    shape = shape_of(value)
    if len(shape) == 4 and shape[1] == sym(heads):
        return Heads.apart(value)
    if len(shape) != 3 or not shape[2].is_constant or int(shape[2]) % heads:
        raise StaysElectronic("HG2007", f"a tensor of rank {len(shape)} for {heads} heads")
    return Heads.packed(value, heads, int(shape[2]) // heads)


def _biased(operands: list[Value], bias: Value, lowering: Lowering) -> list[Value]:
    """The three operands plus their parts of one bias."""
    result, start = [], 0
    for value in operands:
        shape = shape_of(value)
        if len(shape) != 3 or not shape[2].is_constant:
            raise StaysElectronic("HG2007", "a bias on keys that are already head by head")
        end = start + int(shape[2])
        result.append(elementwise(lowering, "Add", value, cut(lowering, bias, 0, start, end)))
        start = end
    return result
