"""Sound: WaveNet's dilated causal convolutions and HiFi-GAN's upsampling with residual blocks."""

from __future__ import annotations

import onnx

from zoo import layers
from zoo.graph import Graph


def wavenet(depth: int = 4, width: int = 16) -> onnx.ModelProto:
    """Samples in, the next ones out; each layer sees twice as far back."""
    g = Graph("wavenet")
    x = layers.conv(g, g.input("audio", "batch", 1, "time"), 1, width, 1, rank=1)
    total = ""
    for i in range(depth):
        with g.scope(f"layers.{i}"):
            late = g("Pad", x, g.ints(0, 0, 2**i, 0, 0, 0))
            gated = layers.conv(g, late, width, 2 * width, 2, rank=1, dilations=[2**i], pads=[0, 0])
            value, gate = g.many("Split", gated, g.ints(width, width), outputs=2, axis=1)
            y = g("Mul", g("Tanh", value), g("Sigmoid", gate))
            skip = layers.conv(g, y, width, width, 1, rank=1)
            total = g("Add", total, skip) if total else skip
            if i + 1 < depth:
                x = g("Add", x, layers.conv(g, y, width, width, 1, rank=1))
    y = layers.conv(g, g("Relu", total), width, 1, 1, rank=1)
    g.output(y, "out", "batch", 1, "time")
    return g.model()


def hifigan(mels: int = 10, width: int = 16) -> onnx.ModelProto:
    """Spectra in, sound out, six samples per frame."""
    g = Graph("hifigan")
    x = layers.conv(g, g.input("mel", "batch", mels, "frames"), mels, width, 7, rank=1)
    for i, (stride, kernel) in enumerate(((3, 7), (2, 4))):
        with g.scope(f"ups.{i}"):
            x = g("LeakyRelu", x, alpha=0.1)
            x = layers.conv_transpose(g, x, width, width // 2, kernel, stride, rank=1)
            width //= 2
            branches = [_residual(g, x, width, size) for size in (3, 5)]
            x = g("Div", g("Add", *branches), g.constant(2.0))
    x = layers.conv(g, g("LeakyRelu", x), width, 1, 7, rank=1)
    g.output(g("Tanh", x), "audio", "batch", 1, "6*frames")
    return g.model()


def _residual(g: Graph, x: str, width: int, kernel: int) -> str:
    for dilation in (1, 3):
        reach = dilation * (kernel // 2)
        y = g("LeakyRelu", x, alpha=0.1)
        y = layers.conv(g, y, width, width, kernel, rank=1, dilations=[dilation], pads=[reach, reach])
        y = layers.conv(g, g("LeakyRelu", y, alpha=0.1), width, width, kernel, rank=1)
        x = g("Add", x, y)
    return x
