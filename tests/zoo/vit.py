"""Vision transformer: patches by a strided convolution, a class token, pre-norm layers."""

from __future__ import annotations

import onnx

from zoo import layers
from zoo.graph import Graph


def build(depth: int = 2, width: int = 32, heads: int = 4, patch: int = 4, size: int = 16) -> onnx.ModelProto:
    """Pictures in, class scores out."""
    g = Graph("vit")
    x = g.input("pixel_values", "batch", 3, size, size)
    x = layers.conv(g, x, 3, width, patch, strides=[patch] * 2, pads=[0] * 4)
    shape = g("Concat", layers.size_of(g, x, 0), g.ints(width, -1), axis=0)
    x = g("Transpose", g("Reshape", x, shape), perm=[0, 2, 1])
    token = g("Expand", g.weight(1, 1, width), g("Concat", layers.size_of(g, x, 0), g.ints(1, 1), axis=0))
    x = g("Add", g("Concat", token, x, axis=1), g.weight(1, (size // patch) ** 2 + 1, width, scale=0.5))
    for i in range(depth):
        with g.scope(f"layer.{i}"):
            x = g("Add", x, layers.attention(g, layers.layer_norm(g, x, width), width, heads))
            hidden = layers.gelu(g, layers.linear(g, layers.layer_norm(g, x, width), width, 4 * width))
            x = g("Add", x, layers.linear(g, hidden, 4 * width, width))
    first = g("Gather", layers.layer_norm(g, x, width), g.int(0), axis=1)
    scores = g("Gemm", first, g.weight(10, width), g.weight(10, scale=0.1, name="bias"), transB=1)
    g.output(scores, "logits", "batch", 10)
    return g.model()
