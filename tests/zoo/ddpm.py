"""DDPM: a U-Net on pixels with timesteps, group norms, attention at the coarse level, skips by concatenation."""

from __future__ import annotations

import onnx

from zoo import layers
from zoo.graph import Graph
from zoo.stable_diffusion import upsample

WIDTH, GROUPS = 16, 4


def build() -> onnx.ModelProto:
    """Noisy pictures and timesteps in, noise out."""
    g = Graph("ddpm")
    x = g.input("sample", "batch", 3, "height", "width")
    step = g.input("timestep", "batch")
    time = layers.linear(g, layers.timestep_embedding(g, step, WIDTH), WIDTH, 4 * WIDTH)
    time = layers.linear(g, layers.silu(g, time), 4 * WIDTH, 4 * WIDTH)
    x = first = layers.conv(g, x, 3, WIDTH)
    x = fine = _residual(g, x, time, WIDTH, WIDTH)
    x = layers.conv(g, x, WIDTH, WIDTH, strides=[2, 2])
    x = coarse = _attention(g, _residual(g, x, time, WIDTH, 2 * WIDTH), 2 * WIDTH)
    x = _residual(g, x, time, 2 * WIDTH, 2 * WIDTH)
    x = _attention(g, _residual(g, g("Concat", x, coarse, axis=1), time, 4 * WIDTH, 2 * WIDTH), 2 * WIDTH)
    x = layers.conv(g, upsample(g, x), 2 * WIDTH, 2 * WIDTH)
    x = _residual(g, g("Concat", x, fine, axis=1), time, 3 * WIDTH, WIDTH)
    x = _residual(g, g("Concat", x, first, axis=1), time, 2 * WIDTH, WIDTH)
    x = layers.silu(g, layers.group_norm(g, x, WIDTH, GROUPS))
    g.output(layers.conv(g, x, WIDTH, 3), "noise", "batch", 3, "height", "width")
    return g.model()


def _residual(g: Graph, x: str, time: str, inputs: int, outputs: int) -> str:
    y = layers.conv(g, layers.silu(g, layers.group_norm(g, x, inputs, GROUPS)), inputs, outputs)
    shift = layers.linear(g, layers.silu(g, time), 4 * WIDTH, outputs)
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
