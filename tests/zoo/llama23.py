"""Llama as opset 23 spells it: RMSNormalization, RotaryEmbedding, and Attention that keeps its own cache."""

from __future__ import annotations

import numpy as np
import onnx

from zoo import layers
from zoo.graph import Graph
from zoo.llama import Sizes

SMALL = Sizes()


def build(sizes: Sizes = SMALL) -> onnx.ModelProto:
    """input_ids, position_ids, past keys and values in; logits, present keys and values out."""
    g = Graph("llama23", opset=23)
    ids = g.input("input_ids", "batch", "sequence", dtype=np.int64)
    places = g.input("position_ids", "batch", "sequence", dtype=np.int64)
    shape = ("batch", sizes.kv_heads, "past", sizes.head)
    pasts = [(g.input(f"past_key.{i}", *shape), g.input(f"past_value.{i}", *shape)) for i in range(sizes.layers)]
    angles = np.outer(np.arange(sizes.positions), 10000.0 ** (-np.arange(0, sizes.head, 2) / sizes.head))
    tables = g.constant(np.cos(angles)), g.constant(np.sin(angles))
    x = g("Gather", g.weight(sizes.vocabulary, sizes.width, scale=1.0, name="embedding"), ids)
    for i, past in enumerate(pasts):
        with g.scope(f"layers.{i}"):
            y, present = _attention(g, _norm(g, x, sizes), past, (*tables, places), sizes)
            x = g("Add", x, y)
            normal = _norm(g, x, sizes)
            gate = layers.silu(g, layers.linear(g, normal, sizes.width, sizes.inner, bias=False))
            up = layers.linear(g, normal, sizes.width, sizes.inner, bias=False)
            x = g("Add", x, layers.linear(g, g("Mul", gate, up), sizes.inner, sizes.width, bias=False))
        for name, value in zip(("key", "value"), present, strict=True):
            g.output(value, f"present_{name}.{i}", "batch", sizes.kv_heads, "past + sequence", sizes.head)
    logits = layers.linear(g, _norm(g, x, sizes), sizes.width, sizes.vocabulary, bias=False)
    g.output(logits, "logits", "batch", "sequence", sizes.vocabulary)
    return g.model()


def _norm(g: Graph, x: str, sizes: Sizes) -> str:
    return g("RMSNormalization", x, g.weight(sizes.width, mean=1.0, scale=0.1), axis=-1, epsilon=1e-5)


def _attention(
    g: Graph, x: str, past: tuple[str, str], rotation: tuple[str, str, str], sizes: Sizes
) -> tuple[str, tuple[str, str]]:
    """Queries, keys and values stay (batch, time, width): heads are attributes."""
    inner = sizes.kv_heads * sizes.head
    q = layers.linear(g, x, sizes.width, sizes.width, bias=False)
    k, v = (layers.linear(g, x, sizes.width, inner, bias=False) for _ in range(2))
    q = g("RotaryEmbedding", q, *rotation, num_heads=sizes.heads)
    k = g("RotaryEmbedding", k, *rotation, num_heads=sizes.kv_heads)
    heads = {"q_num_heads": sizes.heads, "kv_num_heads": sizes.kv_heads}
    y, key, value = g.many("Attention", q, k, v, "", *past, outputs=3, is_causal=1, **heads)
    return layers.linear(g, y, sizes.width, sizes.width, bias=False), (key, value)
