"""Generators: DCGAN, pix2pix's U-Net, and StyleGAN2's convolutions with weights made by the model itself."""

from __future__ import annotations

import numpy as np
import onnx

from zoo import layers
from zoo.graph import Graph


def dcgan(channels: tuple[int, ...] = (32, 16, 8)) -> onnx.ModelProto:
    """Noise to pictures through transposed convolutions with batch norms."""
    g = Graph("dcgan")
    x, width = g.input("z", "batch", 16, 1, 1), 16
    for i, outputs in enumerate(channels):
        x = layers.conv_transpose(g, x, width, outputs, 4, 2 if i else 1, padding=1 if i else 0)
        one, zero = g.weight(outputs, mean=1.0, scale=0.1), g.weight(outputs, scale=0.1)
        x = g("BatchNormalization", x, one, zero, g.weight(outputs, scale=0.1), g.constant(np.full(outputs, 1.5)))
        x, width = g("Relu", x), outputs
    x = g("Tanh", layers.conv_transpose(g, x, width, 3, 4, 2))
    g.output(x, "image", "batch", 3, 32, 32)
    return g.model()


def pix2pix(channels: tuple[int, ...] = (8, 16, 32)) -> onnx.ModelProto:
    """Picture to picture: strided convolutions down, transposed ones up, skips between equal sizes."""
    g = Graph("pix2pix")
    x, width = g.input("image", "batch", 3, 32, 32), 3
    skips = []
    for outputs in channels:
        x = layers.conv(g, x, width, outputs, 4, strides=[2, 2], pads=[1] * 4)
        x, width = g("LeakyRelu", _instance_norm(g, x, outputs), alpha=0.2), outputs
        skips.append((x, outputs))
    skips.pop()
    for outputs in reversed(channels[:-1]):
        x = _instance_norm(g, layers.conv_transpose(g, x, width, outputs, 4, 2), outputs)
        skip, extra = skips.pop()
        x, width = g("Concat", g("Relu", x), skip, axis=1), outputs + extra
    x = g("Tanh", layers.conv_transpose(g, x, width, 3, 4, 2))
    g.output(x, "out", "batch", 3, 32, 32)
    return g.model()


def _instance_norm(g: Graph, x: str, channels: int) -> str:
    return g("InstanceNormalization", x, g.weight(channels, mean=1.0, scale=0.1), g.weight(channels, scale=0.1))


def stylegan2(batch: int = 2, width: int = 16) -> onnx.ModelProto:
    """Styles scale the weights of each picture's convolution, so all pictures form one grouped convolution."""
    g = Graph("stylegan2")
    z = g.input("z", batch, width)
    noise = g.input("noise", batch, 1, 8, 8)
    for _ in range(2):
        z = g("LeakyRelu", layers.linear(g, z, width, width), alpha=0.2)
    x = g("Expand", g.weight(1, width, 4, 4, scale=1.0, name="const"), g.ints(batch, width, 4, 4))
    x = _modulated_conv(g, x, z, width, width, batch, 4)
    x = _modulated_conv(g, x, z, width, width, batch, 4, up=True)
    x = g("LeakyRelu", g("Add", x, g("Mul", noise, g.constant(0.1))), alpha=0.2)
    x = _modulated_conv(g, x, z, width, 3, batch, 8, kernel=1, demodulate=False)
    g.output(x, "image", batch, 3, 8, 8)
    return g.model()


def _modulated_conv(
    g: Graph, x: str, z: str, inputs: int, outputs: int, batch: int, size: int, *, kernel: int = 3, up: bool = False,
    demodulate: bool = True,
) -> str:  # fmt: skip
    style = g("Reshape", layers.linear(g, z, inputs, inputs), g.ints(batch, 1, inputs, 1, 1))
    weight = g("Mul", g.weight(1, outputs, inputs, kernel, kernel, scale=inputs**-0.5), style)
    if demodulate:
        power = g("ReduceSum", g("Mul", weight, weight), g.ints(2, 3, 4), keepdims=1)
        weight = g("Div", weight, g("Sqrt", g("Add", power, g.constant(1e-8))))
    x = g("Reshape", x, g.ints(1, batch * inputs, size, size))
    if up:
        weight = g(
            "Reshape", g("Transpose", weight, perm=[0, 2, 1, 3, 4]), g.ints(batch * inputs, outputs, kernel, kernel)
        )
        x = g("ConvTranspose", x, weight, strides=[2, 2], group=batch)
        x = g("Reshape", x, g.ints(batch, outputs, 2 * size + 1, 2 * size + 1))
        blur = g.constant(np.full((outputs, 1, 2, 2), 0.25))
        return g("Conv", x, blur, group=outputs)
    weight = g("Reshape", weight, g.ints(batch * outputs, inputs, kernel, kernel))
    x = g("Conv", x, weight, group=batch, pads=[kernel // 2] * 4)
    return g("Reshape", x, g.ints(batch, outputs, size, size))
