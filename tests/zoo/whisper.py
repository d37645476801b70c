"""Whisper: a convolutional front end on spectra, an encoder, and a decoder that attends to it."""

from __future__ import annotations

import numpy as np
import onnx

from zoo import layers
from zoo.graph import Graph


def build(depth: int = 2, width: int = 32, heads: int = 4, mels: int = 10, frames: int = 24) -> onnx.ModelProto:
    """Spectra and tokens in, logits out."""
    g = Graph("whisper")
    x = g.input("input_features", "batch", mels, frames)
    ids = g.input("decoder_input_ids", "batch", "sequence", dtype=np.int64)
    with g.scope("encoder"):
        x = layers.gelu(g, layers.conv(g, x, mels, width, rank=1))
        x = layers.gelu(g, layers.conv(g, x, width, width, rank=1, strides=[2]))
        x = g("Add", g("Transpose", x, perm=[0, 2, 1]), g.weight(frames // 2, width, scale=0.5))
        for i in range(depth):
            with g.scope(f"layers.{i}"):
                x = g("Add", x, layers.attention(g, layers.layer_norm(g, x, width), width, heads))
                x = g("Add", x, _feed_forward(g, x, width))
        memory = layers.layer_norm(g, x, width)
    with g.scope("decoder"):
        embedding = g.weight(50, width, scale=1.0, name="tokens")
        places = g("Slice", g.weight(64, width, name="places"), g.ints(0), layers.size_of(g, ids, 1), g.ints(0))
        x = g("Add", g("Gather", embedding, ids), places)
        mask = layers.causal_mask(g, ids)
        for i in range(depth):
            with g.scope(f"layers.{i}"):
                x = g("Add", x, layers.attention(g, layers.layer_norm(g, x, width), width, heads, mask=mask))
                normal = layers.layer_norm(g, x, width)
                x = g("Add", x, layers.attention(g, normal, width, heads, context=memory))
                x = g("Add", x, _feed_forward(g, x, width))
        logits = g("MatMul", layers.layer_norm(g, x, width), g("Transpose", embedding, perm=[1, 0]))
    g.output(logits, "logits", "batch", "sequence", 50)
    return g.model()


def _feed_forward(g: Graph, x: str, width: int) -> str:
    hidden = layers.gelu(g, layers.linear(g, layers.layer_norm(g, x, width), width, 4 * width))
    return layers.linear(g, hidden, 4 * width, width)
