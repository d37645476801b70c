"""A normalizing flow run backwards, from noise to data: inverted couplings, permutations and 1x1 mixings."""

from __future__ import annotations

import numpy as np
import onnx

from zoo import layers
from zoo.graph import Graph


def build(steps: int = 3, channels: int = 8, hidden: int = 16) -> onnx.ModelProto:
    """Noise in, samples and the logarithm of the change of volume out."""
    g = Graph("flow")
    x = g.input("z", "batch", channels, "height", "width")
    volume = g.constant(0.0)
    random = np.random.default_rng(5)
    for step in range(steps):
        with g.scope(f"steps.{step}"):
            mixing = np.linalg.qr(random.normal(size=(channels, channels)))[0]
            x = g("Conv", x, g.constant(np.linalg.inv(mixing)[:, :, None, None]))
            x = g("Gather", x, g.constant(random.permutation(channels), np.int64), axis=1)
            kept, changed = g.many("Split", x, g.ints(channels // 2, channels // 2), outputs=2, axis=1)
            y = g("Relu", layers.conv(g, kept, channels // 2, hidden))
            y = layers.conv(g, y, hidden, channels)
            scale, shift = g.many("Split", y, outputs=2, axis=1, num_outputs=2)
            scale = g("Tanh", scale)
            changed = g("Mul", g("Sub", changed, shift), g("Exp", g("Neg", scale)))
            volume = g("Sub", volume, g("ReduceSum", scale, g.ints(1, 2, 3), keepdims=0))
            x = g("Concat", kept, changed, axis=1)
    g.output(g("DepthToSpace", x, blocksize=2), "x", "batch", channels // 4, "2*height", "2*width")
    g.output(volume, "log_volume", "batch")
    return g.model()
