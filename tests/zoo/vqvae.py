"""VQ-VAE: pictures to the nearest entries of a codebook and back."""

from __future__ import annotations

import onnx

from zoo import layers
from zoo.graph import Graph


def build(width: int = 16, entries: int = 24) -> onnx.ModelProto:
    """Pictures in, codes and reconstructions out."""
    g = Graph("vqvae")
    x = g.input("image", "batch", 3, "height", "width")
    x = g("Relu", layers.conv(g, x, 3, width, 4, strides=[2, 2], pads=[1] * 4))
    x = g("Relu", layers.conv(g, x, width, width, 4, strides=[2, 2], pads=[1] * 4))
    x = g("Transpose", layers.conv(g, x, width, width, 1), perm=[0, 2, 3, 1])
    book = g.weight(entries, width, scale=1.0, name="codebook")
    flat = g("Reshape", x, g.ints(-1, width))
    own = g("ReduceSum", g("Mul", flat, flat), g.ints(1), keepdims=1)
    theirs = g("ReduceSum", g("Mul", book, book), g.ints(1), keepdims=0)
    product = g("MatMul", flat, g("Transpose", book, perm=[1, 0]))
    distance = g("Sub", g("Add", own, theirs), g("Mul", product, g.constant(2.0)))
    codes = g("ArgMin", distance, axis=1, keepdims=0)
    g.output(codes, "codes", "codes", dtype="int64")
    x = g("Transpose", g("Reshape", g("Gather", book, codes), g("Shape", x)), perm=[0, 3, 1, 2])
    x = g("Relu", layers.conv(g, x, width, width))
    x = g("Relu", layers.conv_transpose(g, x, width, width, 4, 2))
    g.output(g("Tanh", layers.conv_transpose(g, x, width, 3, 4, 2)), "out", "batch", 3, "h", "w")
    return g.model()
