"""Attention and QAttention of com.microsoft: the projection to queries, keys and values is part of them."""

from __future__ import annotations

from heliograph.compiler.contractions.attention import attend, scale_of
from heliograph.compiler.contractions.attention_parts import attribute_masks, head_count, optionals, wanted
from heliograph.compiler.contractions.emit import (
    F32,
    cast,
    concat,
    element_of,
    elementwise,
    entry,
    tensor,
    unsqueeze,
)
from heliograph.compiler.contractions.heads import Heads
from heliograph.compiler.contractions.integer import matmul_product, to_int32
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import DenseArray, Op, SymExpr, Value, sym
from heliograph.ir.size_names import spell_size


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Attention."""
    inputs, weights, (bias, mask, past, added, shared) = op.operands[0], op.operands[1], optionals(op, 2, 7)
    if shared is not None or op.attributes.get("past_present_share_buffer"):
        raise StaysElectronic("HG2007", "a cache that is longer than what it holds")
    x, w = shape_of(inputs), shape_of(weights)
    batch, place, total, col = (sym(name) for name in ("batch", "place", "sum", "col"))
    extents: dict[str, SymExpr | int] = {"batch": x[0], "place": x[1], "sum": x[2], "col": w[1]}
    kind = tensor(element_of(inputs), [x[0], x[1], w[1]])
    packed = lowering.contract(
        (inputs, [batch, place, total]), (weights, [total, col]), (kind, [batch, place, col]), extents
    )
    if bias is not None:
        packed = elementwise(lowering, "Add", packed, bias)
    return _attended(op, packed, mask, added, past, lowering)


def lower_quantized(op: Op, lowering: Lowering) -> list[Value]:
    """QAttention: the projection is an exact integer product; attention itself is in float32."""
    inputs, weights, bias, input_scale, weight_scale = op.operands[:5]
    mask, input_zero, weight_zero, past = optionals(op, 5, 9)
    if op.attributes.get("past_present_share_buffer"):
        raise StaysElectronic("HG2007", "a cache that is longer than what it holds")
    product, bound = matmul_product((inputs, input_zero), (weights, weight_zero), lowering)
    sums = cast(lowering, to_int32(product, bound, lowering), F32)
    scale = elementwise(lowering, "Mul", input_scale, weight_scale)
    packed = elementwise(lowering, "Add", elementwise(lowering, "Mul", sums, scale), bias)
    return _attended(op, packed, mask, None, past, lowering)


def _attended(
    op: Op, packed: Value, mask: Value | None, added: Value | None, past: Value | None, lowering: Lowering
) -> list[Value]:
    """Attention on a packed projection; caches are [2, batch, head, place, channel]."""
    if op.attributes.get("do_rotary"):
        raise StaysElectronic("HG2007", "rotary embedding inside attention")
    heads, sizes = head_count(op, "num_heads"), _sizes(op, shape_of(packed)[2])
    if any(size % heads for size in sizes):
        raise StaysElectronic("HG2007", f"{' + '.join(map(str, sizes))} channels in {heads} heads")
    starts = (0, sizes[0], sizes[0] + sizes[1])
    q, k, v = (Heads.packed(packed, heads, s // heads, o) for s, o in zip(sizes, starts, strict=True))
    if past is not None:
        k, v = (h.after(entry(lowering, past, i), lowering) for i, h in enumerate((k, v)))
    masks = attribute_masks(op, mask, added, lowering)
    results = [attend(q, k, v, scale_of(op.attributes.get("scale"), q.width), masks, lowering)]
    if wanted(op, 1):
        results.append(concat(lowering, [unsqueeze(lowering, h.spread(lowering), [0]) for h in (k, v)], 0))
    elif len(op.results) > 1:
        results.append(lowering.none())
    return results


def _sizes(op: Op, channels: SymExpr) -> list[int]:
    """Channels of queries, keys and values."""
    given = op.attributes.get("qkv_hidden_sizes")
    if isinstance(given, DenseArray) and given.values:
        return [int(v) for v in given.values]
    if not channels.is_constant or int(channels) % 3:
        raise StaysElectronic("HG2006", f"{spell_size(channels)} channels of queries, keys and values together")
    return [int(channels) // 3] * 3
