"""GPT-2: learned positions, one projection for queries, keys and values, tied output weights."""

from __future__ import annotations

import numpy as np
import onnx

from zoo import layers
from zoo.graph import Graph


def build(*, cache: bool, depth: int = 2, width: int = 32, heads: int = 4, vocabulary: int = 50) -> onnx.ModelProto:
    """Token ids in, logits out; with `cache` also past and present keys and values of every layer."""
    g = Graph("gpt2")
    head = width // heads
    ids = g.input("input_ids", "batch", "sequence", dtype=np.int64)
    past_shape = ("batch", heads, "past", head)
    pasts = [("", "")] * depth
    if cache:
        pasts = [(g.input(f"past_key.{i}", *past_shape), g.input(f"past_value.{i}", *past_shape)) for i in range(depth)]
    embedding = g.weight(vocabulary, width, scale=1.0, name="wte")
    x = g("Add", g("Gather", embedding, ids), _positions(g, ids, pasts[0][0], width))
    mask = layers.causal_mask(g, ids, pasts[0][0])
    for i, (past_key, past_value) in enumerate(pasts):
        with g.scope(f"h.{i}"):
            qkv = layers.linear(g, layers.layer_norm(g, x, width), width, 3 * width)
            parts = g.many("Split", qkv, g.ints(width, width, width), outputs=3, axis=-1)
            q, k, v = (layers.split_heads(g, part, heads, head) for part in parts)
            if cache:
                k, v = g("Concat", past_key, k, axis=2), g("Concat", past_value, v, axis=2)
                g.output(k, f"present_key.{i}", "batch", heads, "past + sequence", head)
                g.output(v, f"present_value.{i}", "batch", heads, "past + sequence", head)
            mixed = layers.merge_heads(g, layers.attend(g, q, k, v, head, mask))
            x = g("Add", x, layers.linear(g, mixed, width, width))
            hidden = layers.gelu_tanh(g, layers.linear(g, layers.layer_norm(g, x, width), width, 4 * width))
            x = g("Add", x, layers.linear(g, hidden, 4 * width, width))
    x = layers.layer_norm(g, x, width)
    logits = g("MatMul", x, g("Transpose", embedding, perm=[1, 0]))
    g.output(logits, "logits", "batch", "sequence", vocabulary)
    return g.model()


def _positions(g: Graph, ids: str, past: str, width: int) -> str:
    """Embeddings of the positions after those of the cache."""
    start = g("Squeeze", layers.size_of(g, past, 2)) if past else g.int(0)
    end = g("Add", start, g("Squeeze", layers.size_of(g, ids, 1)))
    return g("Gather", g.weight(64, width, name="wpe"), g("Range", start, end, g.int(1)))
