"""Llama: RMSNorm, rotary positions, grouped queries, SwiGLU, key-value cache; weights of either precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx

from zoo import layers
from zoo.graph import External, Graph


@dataclass(frozen=True)
class Sizes:
    """Sizes of a decoder."""

    layers: int = 2
    width: int = 32
    heads: int = 4
    kv_heads: int = 2
    inner: int = 48
    vocabulary: int = 50
    positions: int = 64

    @property
    def head(self) -> int:
        """Width of one head."""
        return self.width // self.heads


LLAMA_3_70B = Sizes(80, 8192, 64, 8, 28672, 128256, 8192)


def build(sizes: Sizes = Sizes(), dtype: Any = np.float32, external: External | None = None) -> onnx.ModelProto:
    """The decoder with cache: input_ids, past keys and values in; logits, present keys and values out."""
    g = Graph("llama", dtype=dtype, external=external)
    ids = g.input("input_ids", "batch", "sequence", dtype=np.int64)
    shape = ("batch", sizes.kv_heads, "past", sizes.head)
    pasts = [(g.input(f"past_key.{i}", *shape), g.input(f"past_value.{i}", *shape)) for i in range(sizes.layers)]
    x = g("Gather", g.weight(sizes.vocabulary, sizes.width, scale=1.0, name="embedding"), ids)
    mask = layers.causal_mask(g, ids, pasts[0][0])
    rotation = _rotation(g, ids, pasts[0][0], sizes)
    for i, (past_key, past_value) in enumerate(pasts):
        with g.scope(f"layers.{i}"):
            normal = layers.rms_norm(g, x, sizes.width)
            with g.scope("attention"):
                attended, key, value = _attention(g, normal, past_key, past_value, rotation, mask, sizes)
            x = g("Add", x, attended)
            with g.scope("mlp"):
                x = g("Add", x, _swiglu(g, layers.rms_norm(g, x, sizes.width), sizes))
        present = ("batch", sizes.kv_heads, "past + sequence", sizes.head)
        g.output(key, f"present_key.{i}", *present)
        g.output(value, f"present_value.{i}", *present)
    logits = layers.linear(g, layers.rms_norm(g, x, sizes.width), sizes.width, sizes.vocabulary, bias=False)
    g.output(logits, "logits", "batch", "sequence", sizes.vocabulary)
    return g.model()


def _rotation(g: Graph, ids: str, past: str, sizes: Sizes) -> tuple[str, str]:
    """Cosines and sines of the positions of this call, (time, head)."""
    rates = 10000.0 ** (-np.arange(0, sizes.head, 2) / sizes.head)
    before = g("Squeeze", layers.size_of(g, past, 2))
    end = g("Add", before, g("Squeeze", layers.size_of(g, ids, 1)))
    positions = g("Cast", g("Range", before, end, g.int(1)), to=1)
    angles = g("MatMul", g("Unsqueeze", positions, g.ints(1)), g.constant(rates[None], np.float32))
    both = g("Concat", angles, angles, axis=-1)
    kind = onnx.helper.np_dtype_to_tensor_dtype(g.dtype)
    return g("Cast", g("Cos", both), to=kind), g("Cast", g("Sin", both), to=kind)


def _rotated(g: Graph, x: str, rotation: tuple[str, str], head: int) -> str:
    """x cos + rotate_half(x) sin."""
    cos, sin = rotation
    first, second = g.many("Split", x, g.ints(head // 2, head // 2), outputs=2, axis=-1)
    turned = g("Concat", g("Neg", second), first, axis=-1)
    return g("Add", g("Mul", x, cos), g("Mul", turned, sin))


def _attention(
    g: Graph, x: str, past_key: str, past_value: str, rotation: tuple[str, str], mask: str, sizes: Sizes
) -> tuple[str, str, str]:
    head = sizes.head

    def project(heads: int) -> str:
        y = layers.linear(g, x, sizes.width, heads * head, bias=False)
        return g("Transpose", g("Reshape", y, g.ints(0, 0, heads, head)), perm=[0, 2, 1, 3])

    q = _rotated(g, project(sizes.heads), rotation, head)
    k = g("Concat", past_key, _rotated(g, project(sizes.kv_heads), rotation, head), axis=2)
    v = g("Concat", past_value, project(sizes.kv_heads), axis=2)
    shared = sizes.heads // sizes.kv_heads
    attended = layers.attend(g, q, _repeated(g, k, shared, sizes), _repeated(g, v, shared, sizes), head, mask)
    out = layers.linear(g, layers.merge_heads(g, attended), sizes.width, sizes.width, bias=False)
    return out, k, v


def _repeated(g: Graph, x: str, times: int, sizes: Sizes) -> str:
    """Each head of keys or values once for every query head that shares it."""
    if times == 1:
        return x
    wide = g("Expand", g("Unsqueeze", x, g.ints(2)), g.ints(1, 1, times, 1, 1))
    return g("Reshape", wide, g.ints(0, sizes.heads, -1, sizes.head))


def _swiglu(g: Graph, x: str, sizes: Sizes) -> str:
    gate = layers.silu(g, layers.linear(g, x, sizes.width, sizes.inner, bias=False))
    up = layers.linear(g, x, sizes.width, sizes.inner, bias=False)
    return layers.linear(g, g("Mul", gate, up), sizes.inner, sizes.width, bias=False)
