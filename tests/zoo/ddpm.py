"""DDPM: a U-Net on pixels with timesteps, group norms, attention at the coarse level, skips by concatenation."""

from __future__ import annotations

import onnx

from zoo import layers
from zoo.graph import Graph
from zoo.stable_diffusion import upsample

GROUPS = 4


def build(*, width: int = 16) -> onnx.ModelProto:
    """Noisy pictures and timesteps in, noise out."""
    g = Graph("ddpm")
    x = g.input("sample", "batch", 3, "height", "width")
    step = g.input("timestep", "batch")
    time = layers.linear(g, layers.timestep_embedding(g, step, width), width, 4 * width)
    time = layers.linear(g, layers.silu(g, time), 4 * width, 4 * width)
    x = first = layers.conv(g, x, 3, width)
    x = fine = _residual(g, x, time, 4 * width, width, width)
    x = layers.conv(g, x, width, width, strides=[2, 2])
    x = coarse = _attention(g, _residual(g, x, time, 4 * width, width, 2 * width), 2 * width)
    x = _residual(g, x, time, 4 * width, 2 * width, 2 * width)
    x = _attention(g, _residual(g, g("Concat", x, coarse, axis=1), time, 4 * width, 4 * width, 2 * width), 2 * width)
    x = layers.conv(g, upsample(g, x), 2 * width, 2 * width)
    x = _residual(g, g("Concat", x, fine, axis=1), time, 4 * width, 3 * width, width)
    x = _residual(g, g("Concat", x, first, axis=1), time, 4 * width, 2 * width, width)
    x = layers.silu(g, layers.group_norm(g, x, width, GROUPS))
    g.output(layers.conv(g, x, width, 3), "noise", "batch", 3, "height", "width")
    return g.model()


def _residual(g: Graph, x: str, time: str, features: int, inputs: int, outputs: int) -> str:
    y = layers.conv(g, layers.silu(g, layers.group_norm(g, x, inputs, GROUPS)), inputs, outputs)
    shift = layers.linear(g, layers.silu(g, time), features, outputs)
    y = g("Add", y, g("Unsqueeze", g("Unsqueeze", shift, g.ints(-1)), g.ints(-1)))
    y = layers.conv(g, layers.silu(g, layers.group_norm(g, y, outputs, GROUPS)), outputs, outputs)
    return g("Add", y, x if inputs == outputs else layers.conv(g, x, inputs, outputs, 1))


def _attention(g: Graph, x: str, width: int) -> str:
    """One head over all pixels; the three projections are 1x1 convolutions and the products Einsums."""
    normal = layers.group_norm(g, x, width, GROUPS)
    q, k, v = (g("Reshape", layers.conv(g, normal, width, width, 1), g.ints(0, width, -1)) for _ in range(3))
    scores = g("Mul", g("Einsum", q, k, equation="bcq,bck->bqk"), g.constant(width**-0.5))
    mixed = g("Einsum", g("Softmax", scores, axis=-1), v, equation="bqk,bck->bcq")
    return g("Add", x, layers.conv(g, g("Reshape", mixed, g("Shape", x)), width, width, 1))
