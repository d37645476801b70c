"""Stable Diffusion: the U-Net with cross attention and timesteps, and the decoder of its autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx

from zoo import layers
from zoo.graph import External, Graph


@dataclass(frozen=True)
class Sizes:
    """Sizes of a U-Net; `attention` says which levels have transformer blocks."""

    channels: tuple[int, ...] = (16, 32)
    attention: tuple[bool, ...] = (True, False)
    blocks: int = 1
    heads: int = 2
    text: int = 24
    groups: int = 4
    latent: int = 4


SD_1_5 = Sizes((320, 640, 1280, 1280), (True, True, True, False), 2, 8, 768, 32)


def unet(sizes: Sizes = Sizes(), dtype: Any = np.float32, external: External | None = None) -> onnx.ModelProto:
    """The denoiser: sample, timestep and encoder_hidden_states in, predicted noise out."""
    g = Graph("sd_unet", dtype=dtype, external=external)
    x = g.input("sample", "batch", sizes.latent, "height", "width")
    step = g.input("timestep", "batch")
    text = g.input("encoder_hidden_states", "batch", "sequence", sizes.text)
    first = sizes.channels[0]
    time = layers.timestep_embedding(g, step, first)
    time = layers.linear(g, time, first, 4 * first)
    time = layers.linear(g, layers.silu(g, time), 4 * first, 4 * first)
    unit = _Blocks(g, sizes, time, text)

    x = layers.conv(g, x, sizes.latent, first)
    skips, channels = [(x, first)], first
    for level, width in enumerate(sizes.channels):
        for i in range(sizes.blocks):
            with g.scope(f"down.{level}.{i}"):
                x = unit.block(x, channels, width, attention=sizes.attention[level])
            channels = width
            skips.append((x, channels))
        if level + 1 < len(sizes.channels):
            with g.scope(f"down.{level}.sampler"):
                x = layers.conv(g, x, channels, channels, strides=[2, 2])
            skips.append((x, channels))
    with g.scope("middle"):
        x = unit.block(x, channels, channels, attention=True)
        x = unit.residual(x, channels, channels)
    for level, width in reversed(list(enumerate(sizes.channels))):
        for i in range(sizes.blocks + 1):
            skip, extra = skips.pop()
            with g.scope(f"up.{level}.{i}"):
                joined = g("Concat", x, skip, axis=1)
                x = unit.block(joined, channels + extra, width, attention=sizes.attention[level])
            channels = width
        if level:
            with g.scope(f"up.{level}.sampler"):
                x = layers.conv(g, upsample(g, x), channels, channels)
    x = layers.silu(g, layers.group_norm(g, x, channels, sizes.groups))
    g.output(layers.conv(g, x, channels, sizes.latent), "out_sample", "batch", sizes.latent, "height", "width")
    return g.model()


def upsample(g: Graph, x: str) -> str:
    """Nearest neighbour, twice the size."""
    return g("Resize", x, "", g.constant([1, 1, 2, 2], np.float32), mode="nearest", nearest_mode="floor",
             coordinate_transformation_mode="asymmetric")  # fmt: skip


@dataclass(frozen=True)
class _Blocks:
    g: Graph
    sizes: Sizes
    time: str
    text: str

    def block(self, x: str, inputs: int, outputs: int, *, attention: bool) -> str:
        """A residual block, followed by a transformer block where the level has them."""
        y = self.residual(x, inputs, outputs)
        if not attention:
            return y
        with self.g.scope("transformer"):
            return self.transformer(y, outputs)

    def residual(self, x: str, inputs: int, outputs: int) -> str:
        """Two convolutions with the timestep in between; a 1x1 convolution where channels change."""
        g, groups = self.g, self.sizes.groups
        y = layers.silu(g, layers.group_norm(g, x, inputs, groups))
        y = layers.conv(g, y, inputs, outputs)
        time = layers.linear(g, layers.silu(g, self.time), 4 * self.sizes.channels[0], outputs)
        y = g("Add", y, g("Unsqueeze", time, g.ints(2, 3)))
        y = layers.silu(g, layers.group_norm(g, y, outputs, groups))
        y = layers.conv(g, y, outputs, outputs)
        return g("Add", y, x if inputs == outputs else layers.conv(g, x, inputs, outputs, 1))

    def transformer(self, x: str, width: int) -> str:
        """Self attention, attention to the text and a gated feed-forward layer, over pixels as a sequence."""
        g, heads = self.g, self.sizes.heads
        y = layers.conv(g, layers.group_norm(g, x, width, self.sizes.groups), width, width, 1)
        shape = g("Shape", y)
        y = g("Reshape", g("Transpose", y, perm=[0, 2, 3, 1]), g.ints(0, -1, width))
        y = g("Add", y, layers.attention(g, layers.layer_norm(g, y, width), width, heads))
        normal = layers.layer_norm(g, y, width)
        y = g("Add", y, layers.attention(g, normal, width, heads, context=self.text, inner=self.sizes.text))
        hidden = layers.linear(g, layers.layer_norm(g, y, width), width, 8 * width)
        value, gate = g.many("Split", hidden, g.ints(4 * width, 4 * width), outputs=2, axis=-1)
        y = g("Add", y, layers.linear(g, g("Mul", value, layers.gelu(g, gate)), 4 * width, width))
        back = g("Concat", *(layers.element(g, shape, i) for i in (0, 2, 3, 1)), axis=0)
        y = g("Transpose", g("Reshape", y, back), perm=[0, 3, 1, 2])
        return g("Add", layers.conv(g, y, width, width, 1), x)


def vae_decoder(
    channels: tuple[int, ...] = (32, 16), latent: int = 4, groups: int = 4, blocks: int = 1
) -> onnx.ModelProto:
    """Latents to pictures: attention in the middle, then residual blocks that double the size per level."""
    g = Graph("vae_decoder")
    x = g.input("latent_sample", "batch", latent, "height", "width")
    width = channels[0]
    x = layers.conv(g, x, latent, latent, 1)
    x = layers.conv(g, x, latent, width)
    x = _plain_residual(g, x, width, width, groups)
    x = _pixel_attention(g, x, width, groups)
    x = _plain_residual(g, x, width, width, groups)
    for level, outputs in enumerate(channels):
        for i in range(blocks):
            with g.scope(f"up.{level}.{i}"):
                x = _plain_residual(g, x, width, outputs, groups)
            width = outputs
        if level + 1 < len(channels):
            x = layers.conv(g, upsample(g, x), width, width)
    x = layers.silu(g, layers.group_norm(g, x, width, groups))
    times = 2 ** (len(channels) - 1)
    g.output(layers.conv(g, x, width, 3), "sample", "batch", 3, f"{times}*height", f"{times}*width")
    return g.model()


def _plain_residual(g: Graph, x: str, inputs: int, outputs: int, groups: int) -> str:
    y = layers.conv(g, layers.silu(g, layers.group_norm(g, x, inputs, groups)), inputs, outputs)
    y = layers.conv(g, layers.silu(g, layers.group_norm(g, y, outputs, groups)), outputs, outputs)
    return g("Add", y, x if inputs == outputs else layers.conv(g, x, inputs, outputs, 1))


def _pixel_attention(g: Graph, x: str, width: int, groups: int) -> str:
    """One head of attention over all pixels."""
    shape = g("Shape", x)
    y = g("Reshape", layers.group_norm(g, x, width, groups), g.ints(0, width, -1))
    y = g("Transpose", y, perm=[0, 2, 1])
    y = layers.attention(g, y, width, 1)
    return g("Add", x, g("Reshape", g("Transpose", y, perm=[0, 2, 1]), shape))
