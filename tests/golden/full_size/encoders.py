"""DeiT as timm exports it, BERT as transformers exports it, for classification. Scopes name the table's rows."""

from __future__ import annotations

import numpy as np
import onnx
from zoo import layers
from zoo.graph import External, Graph


def deit(external: External, width: int, heads: int, depth: int = 12) -> onnx.ModelProto:
    """DeiT on 224 x 224 pictures: 196 patches and a class token; queries, keys and values in one product."""
    g, head = Graph("deit", external=external), width // heads
    pixels = g.input("pixel_values", "batch", 3, 224, 224)
    with g.scope("embed"):
        patches = layers.conv(g, pixels, 3, width, 16, strides=[16, 16], pads=[0] * 4)
    x = g("Transpose", g("Reshape", patches, g.ints(0, width, -1)), perm=[0, 2, 1])
    token = g("Expand", g.weight(1, 1, width), g("Concat", layers.size_of(g, x, 0), g.ints(1, 1), axis=0))
    x = g("Add", g("Concat", token, x, axis=1), g.weight(1, 197, width))
    for i in range(depth):
        with g.scope(f"blocks.{i}"):
            qkv = _linear(g, "qkv", layers.layer_norm(g, x, width), width, 3 * width)
            parts = g("Transpose", g("Reshape", qkv, g.ints(0, 0, 3, heads, head)), perm=[2, 0, 3, 1, 4])
            q, k, v = (g("Gather", parts, g.int(part), axis=0) for part in range(3))
            x = g("Add", x, _attended(g, q, k, v, width, head))
            x = g("Add", x, _feed_forward(g, layers.layer_norm(g, x, width), width))
    first = g("Gather", layers.layer_norm(g, x, width), g.int(0), axis=1)
    g.output(_linear(g, "head", first, width, 1000), "logits", "batch", 1000)
    return g.model()


def bert(external: External, width: int, heads: int, depth: int) -> onnx.ModelProto:
    """BERT for two classes: three products for queries, keys and values, and a pooler before the classifier."""
    g, head = Graph("bert", external=external), width // heads
    ids, types = (g.input(n, "batch", "sequence", dtype=np.int64) for n in ("input_ids", "token_type_ids"))
    words = g("Gather", g.weight(30522, width, name="words"), ids)
    places = g("Slice", g.weight(512, width, name="places"), g.ints(0), layers.size_of(g, ids, 1), g.ints(0))
    x = g("Add", g("Add", words, places), g("Gather", g.weight(2, width, name="types"), types))
    x = layers.layer_norm(g, x, width)
    for i in range(depth):
        with g.scope(f"layer.{i}"):
            q, k, v = (layers.split_heads(g, _linear(g, "qkv", x, width, width), heads, head) for _ in range(3))
            x = layers.layer_norm(g, g("Add", x, _attended(g, q, k, v, width, head)), width)
            x = layers.layer_norm(g, g("Add", x, _feed_forward(g, x, width)), width)
    pooled = g("Tanh", _linear(g, "pooler", g("Gather", x, g.int(0), axis=1), width, width))
    g.output(_linear(g, "head", pooled, width, 2), "logits", "batch", 2)
    return g.model()


def _linear(g: Graph, name: str, x: str, inputs: int, outputs: int) -> str:
    with g.scope(name):
        return layers.linear(g, x, inputs, outputs)


def _attended(g: Graph, q: str, k: str, v: str, width: int, head: int) -> str:
    with g.scope("attn"):
        mixed = layers.merge_heads(g, layers.attend(g, q, k, v, head))
    return _linear(g, "proj", mixed, width, width)


def _feed_forward(g: Graph, x: str, width: int) -> str:
    return _linear(g, "ffn2", layers.gelu(g, _linear(g, "ffn1", x, width, 4 * width)), 4 * width, width)
