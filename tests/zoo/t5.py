"""T5: encoder and decoder with relative position biases in buckets, RMS norms without bias."""

from __future__ import annotations

import numpy as np
import onnx

from zoo import layers
from zoo.graph import Graph

WIDTH, HEADS, INNER, VOCABULARY, BUCKETS = 32, 4, 64, 50, 8


def build(depth: int = 2) -> onnx.ModelProto:
    """Source and target tokens in, logits of the targets out."""
    g = Graph("t5")
    source = g.input("input_ids", "batch", "source", dtype=np.int64)
    target = g.input("decoder_input_ids", "batch", "target", dtype=np.int64)
    embedding = g.weight(VOCABULARY, WIDTH, scale=1.0, name="shared")
    with g.scope("encoder"):
        memory = _stack(g, g("Gather", embedding, source), source, depth, memory="")
    with g.scope("decoder"):
        x = _stack(g, g("Gather", embedding, target), target, depth, memory=memory)
    logits = g("MatMul", g("Mul", x, g.constant(WIDTH**-0.5)), g("Transpose", embedding, perm=[1, 0]))
    g.output(logits, "logits", "batch", "target", VOCABULARY)
    return g.model()


def _stack(g: Graph, x: str, ids: str, depth: int, memory: str) -> str:
    bias = _position_bias(g, ids, both_sides=not memory)
    if memory:
        bias = g("Add", bias, layers.causal_mask(g, ids))
    for i in range(depth):
        with g.scope(f"block.{i}"):
            normal = layers.rms_norm(g, x, WIDTH)
            x = g("Add", x, layers.attention(g, normal, WIDTH, HEADS, mask=bias))
            if memory:
                x = g("Add", x, layers.attention(g, layers.rms_norm(g, x, WIDTH), WIDTH, HEADS, context=memory))
            hidden = g("Relu", layers.linear(g, layers.rms_norm(g, x, WIDTH), WIDTH, INNER, bias=False))
            x = g("Add", x, layers.linear(g, hidden, INNER, WIDTH, bias=False))
    return layers.rms_norm(g, x, WIDTH)


def _position_bias(g: Graph, ids: str, *, both_sides: bool) -> str:
    """A learned number per head and bucket of distance, (1, heads, time, time)."""
    places = g("Range", g.int(0), g("Squeeze", layers.size_of(g, ids, 1)), g.int(1))
    distance = g("Sub", g("Unsqueeze", places, g.ints(0)), g("Unsqueeze", places, g.ints(1)))
    half = BUCKETS // 2 if both_sides else BUCKETS
    if both_sides:
        side = g("Mul", g("Cast", g("Greater", distance, g.int(0)), to=7), g.int(half))
        distance = g("Abs", distance)
    else:
        side = g.int(0)
        distance = g("Neg", g("Min", distance, g("Mul", distance, g.int(0))))
    exact = half // 2
    scaled = g("Div", g("Cast", distance, to=1), g.constant(float(exact)))
    far = g("Mul", g("Log", g("Max", scaled, g.constant(1e-6))), g.constant((half - exact) / np.log(16 / exact)))
    far = g("Min", g("Add", g("Cast", far, to=7), g.int(exact)), g.int(half - 1))
    bucket = g("Add", side, g("Where", g("Less", distance, g.int(exact)), distance, far))
    values = g("Gather", g.weight(BUCKETS, HEADS, scale=0.5, name="relative_attention_bias"), bucket)
    return g("Unsqueeze", g("Transpose", values, perm=[2, 0, 1]), g.ints(0))
