"""Diffusion transformer: patches whose norms are modulated by timestep and class (adaLN-Zero)."""

from __future__ import annotations

import numpy as np
import onnx

from zoo import layers
from zoo.graph import Graph

WIDTH, HEADS, PATCH, CHANNELS = 32, 4, 2, 4


def build(depth: int = 2, size: int = 8) -> onnx.ModelProto:
    """Latents, timesteps and class labels in, noise out."""
    g = Graph("dit")
    x = g.input("latent", "batch", CHANNELS, size, size)
    step, label = g.input("timestep", "batch"), g.input("label", "batch", dtype=np.int64)
    side = size // PATCH
    x = layers.conv(g, x, CHANNELS, WIDTH, PATCH, strides=[PATCH] * 2, pads=[0] * 4)
    x = g("Transpose", g("Reshape", x, g.ints(0, WIDTH, -1)), perm=[0, 2, 1])
    x = g("Add", x, g.weight(1, side * side, WIDTH, scale=0.5))
    time = layers.linear(g, layers.timestep_embedding(g, step, 16), 16, WIDTH)
    time = layers.linear(g, layers.silu(g, time), WIDTH, WIDTH)
    condition = layers.silu(g, g("Add", time, g("Gather", g.weight(50, WIDTH, scale=1.0), label)))
    for i in range(depth):
        with g.scope(f"blocks.{i}"):
            shift, scale, gate, shift2, scale2, gate2 = _modulation(g, condition, 6)
            y = layers.attention(g, _modulated(g, x, shift, scale), WIDTH, HEADS)
            x = g("Add", x, g("Mul", y, gate))
            y = layers.linear(g, _modulated(g, x, shift2, scale2), WIDTH, 4 * WIDTH)
            x = g("Add", x, g("Mul", layers.linear(g, layers.gelu_tanh(g, y), 4 * WIDTH, WIDTH), gate2))
    shift, scale = _modulation(g, condition, 2)
    x = layers.linear(g, _modulated(g, x, shift, scale), WIDTH, PATCH * PATCH * CHANNELS)
    x = g("Reshape", x, g.ints(0, side, side, PATCH, PATCH, CHANNELS))
    x = g("Reshape", g("Transpose", x, perm=[0, 5, 1, 3, 2, 4]), g.ints(0, CHANNELS, size, size))
    g.output(x, "noise", "batch", CHANNELS, size, size)
    return g.model()


def _modulation(g: Graph, condition: str, parts: int) -> list[str]:
    values = g.many(
        "Split", layers.linear(g, condition, WIDTH, parts * WIDTH), outputs=parts, axis=1, num_outputs=parts
    )
    return [g("Unsqueeze", v, g.ints(1)) for v in values]


def _modulated(g: Graph, x: str, shift: str, scale: str) -> str:
    """LayerNorm without weights of its own, scaled and shifted by the condition."""
    normal = g("LayerNormalization", x, g.constant(np.ones(WIDTH)), axis=-1, epsilon=1e-6)
    return g("Add", g("Mul", normal, g("Add", scale, g.constant(1.0))), shift)
