"""BERT: token types, an attention mask that is an input, post-norm layers, a pooler."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx

from zoo import layers
from zoo.graph import Graph


def build(dtype: Any = np.float32, depth: int = 2, width: int = 32, heads: int = 4) -> onnx.ModelProto:
    """Tokens, mask and token types in, hidden states and the pooled first one out."""
    g = Graph("bert", dtype=dtype)
    ids, mask, types = (
        g.input(n, "batch", "sequence", dtype=np.int64) for n in ("input_ids", "attention_mask", "token_type_ids")
    )
    places = g("Slice", g.constant(np.arange(64)[None], np.int64), g.ints(0), layers.size_of(g, ids, 1), g.ints(1))
    x = g(
        "Add", g("Gather", g.weight(50, width, scale=1.0, name="words"), ids), g("Gather", g.weight(64, width), places)
    )
    x = layers.layer_norm(g, g("Add", x, g("Gather", g.weight(50, width, name="types"), types)), width)
    kind = onnx.helper.np_dtype_to_tensor_dtype(g.dtype)
    seen = g("Cast", g("Unsqueeze", mask, g.ints(1, 2)), to=kind)
    bias = g("Mul", g("Sub", g.constant(1.0), seen), g.constant(-1e4))
    for i in range(depth):
        with g.scope(f"layer.{i}"):
            x = layers.layer_norm(g, g("Add", x, layers.attention(g, x, width, heads, mask=bias)), width)
            hidden = layers.gelu(g, layers.linear(g, x, width, 4 * width))
            x = layers.layer_norm(g, g("Add", x, layers.linear(g, hidden, 4 * width, width)), width)
    g.output(x, "last_hidden_state", "batch", "sequence", width)
    first = g("Gather", x, g.int(0), axis=1)
    pooled = g("Gemm", first, g.weight(width, width), g.weight(width, scale=0.1, name="bias"), transB=1)
    g.output(g("Tanh", pooled), "pooler_output", "batch", width)
    return g.model()
