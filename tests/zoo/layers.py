"""Layers as exporters spell them: several nodes each, sizes read from shapes while the model runs."""

from __future__ import annotations

import numpy as np

from zoo.graph import Graph


def linear(g: Graph, x: str, inputs: int, outputs: int, *, bias: bool = True) -> str:
    """MatMul by a weight, then a bias."""
    y = g("MatMul", x, g.weight(inputs, outputs))
    return g("Add", y, g.weight(outputs, scale=0.1, name="bias")) if bias else y


def conv(
    g: Graph, x: str, inputs: int, outputs: int, kernel: int = 3, *, rank: int = 2, group: int = 1, **attributes: object
) -> str:
    """Conv that keeps sizes at stride 1 unless `pads` says otherwise."""
    weight = g.weight(outputs, inputs // group, *[kernel] * rank, scale=(inputs // group * kernel**rank) ** -0.5)
    attributes.setdefault("pads", [kernel // 2] * 2 * rank)
    bias = g.weight(outputs, scale=0.1, name="bias")
    return g("Conv", x, weight, bias, group=group, kernel_shape=[kernel] * rank, **attributes)


def conv_transpose(
    g: Graph, x: str, inputs: int, outputs: int, kernel: int, stride: int, *, rank: int = 2, padding: int | None = None
) -> str:
    """ConvTranspose that multiplies sizes by `stride`."""
    pad = (kernel - stride) // 2 if padding is None else padding
    weight = g.weight(inputs, outputs, *[kernel] * rank, scale=inputs**-0.5 * stride**rank / kernel**rank * 2)
    bias = g.weight(outputs, scale=0.1, name="bias")
    return g("ConvTranspose", x, weight, bias, strides=[stride] * rank, pads=[pad] * 2 * rank)


def layer_norm(g: Graph, x: str, width: int) -> str:
    """LayerNormalization with scale and bias."""
    scale, bias = g.weight(width, mean=1.0, scale=0.1), g.weight(width, scale=0.1, name="bias")
    return g("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-5)


def rms_norm(g: Graph, x: str, width: int) -> str:
    """RMS normalisation before opset 23: six nodes."""
    mean = g("ReduceMean", g("Pow", x, g.constant(2.0)), g.ints(-1), keepdims=1)
    root = g("Sqrt", g("Add", mean, g.constant(1e-5)))
    return g("Mul", g("Div", x, root), g.weight(width, mean=1.0, scale=0.1))


def group_norm(g: Graph, x: str, channels: int, groups: int) -> str:
    """GroupNorm before opset 18: reshape to groups, InstanceNormalization, reshape back, scale and bias."""
    grouped = g("Reshape", x, g.ints(0, groups, -1))
    ones, zeros = g.constant(np.ones(groups)), g.constant(np.zeros(groups))
    normal = g("InstanceNormalization", grouped, ones, zeros, epsilon=1e-5)
    back = g("Reshape", normal, g("Shape", x))
    scaled = g("Mul", back, g.weight(channels, 1, 1, mean=1.0, scale=0.1))
    return g("Add", scaled, g.weight(channels, 1, 1, scale=0.1, name="bias"))


def gelu(g: Graph, x: str) -> str:
    """GELU by erf: five nodes."""
    inner = g("Add", g("Erf", g("Div", x, g.constant(2**0.5))), g.constant(1.0))
    return g("Mul", g("Mul", x, inner), g.constant(0.5))


def gelu_tanh(g: Graph, x: str) -> str:
    """GELU by tanh, as GPT-2 has it."""
    cubic = g("Mul", g("Pow", x, g.constant(3.0)), g.constant(0.044715))
    inner = g("Tanh", g("Mul", g("Add", x, cubic), g.constant((2 / np.pi) ** 0.5)))
    return g("Mul", g("Mul", x, g("Add", inner, g.constant(1.0))), g.constant(0.5))


def silu(g: Graph, x: str) -> str:
    """x times its sigmoid."""
    return g("Mul", x, g("Sigmoid", x))


def element(g: Graph, vector: str, index: int) -> str:
    """One element of a vector as a vector."""
    return g("Unsqueeze", g("Gather", vector, g.int(index), axis=0), g.ints(0))


def size_of(g: Graph, x: str, axis: int) -> str:
    """One size of a tensor as a vector of one."""
    return element(g, g("Shape", x), axis)


def split_heads(g: Graph, x: str, heads: int, head: int) -> str:
    """(batch, time, width) to (batch, heads, time, head), sizes read from the shape as torch traces them."""
    shape = g("Concat", size_of(g, x, 0), size_of(g, x, 1), g.ints(heads), g.ints(head), axis=0)
    return g("Transpose", g("Reshape", x, shape), perm=[0, 2, 1, 3])


def merge_heads(g: Graph, x: str) -> str:
    """(batch, heads, time, head) to (batch, time, width)."""
    return g("Reshape", g("Transpose", x, perm=[0, 2, 1, 3]), g.ints(0, 0, -1))


def attend(g: Graph, q: str, k: str, v: str, head: int, mask: str = "") -> str:
    """softmax(q k' / sqrt(head) + mask) v, on (batch, heads, time, head)."""
    scores = g("MatMul", q, g("Transpose", k, perm=[0, 1, 3, 2]))
    scores = g("Div", scores, g.constant(head**0.5))
    if mask:
        scores = g("Add", scores, mask)
    return g("MatMul", g("Softmax", scores, axis=-1), v)


def attention(g: Graph, x: str, width: int, heads: int, *, context: str = "", inner: int = 0, mask: str = "") -> str:
    """Multi-head attention over `x` itself or over a context whose width is `inner`."""
    source, source_width = (context, inner or width) if context else (x, width)
    head = width // heads
    q = split_heads(g, linear(g, x, width, width), heads, head)
    k = split_heads(g, linear(g, source, source_width, width), heads, head)
    v = split_heads(g, linear(g, source, source_width, width), heads, head)
    return linear(g, merge_heads(g, attend(g, q, k, v, head, mask)), width, width)


def causal_mask(g: Graph, query: str, past: str = "") -> str:
    """0 where a query may look and a large negative number elsewhere, (1, 1, time, past + time).

    `query` is (batch, time, ...); `past` is (batch, heads, past, head).
    """
    time = g("Squeeze", size_of(g, query, 1))
    before = g("Squeeze", size_of(g, past, 2)) if past else g.int(0)
    total = g("Add", before, time)
    rows = g("Unsqueeze", g("Range", before, total, g.int(1)), g.ints(1))
    columns = g("Unsqueeze", g("Range", g.int(0), total, g.int(1)), g.ints(0))
    hidden = g("Greater", columns, rows)
    mask = g("Where", hidden, g.constant(-1e4), g.constant(0.0))
    return g("Unsqueeze", mask, g.ints(0, 1))


def timestep_embedding(g: Graph, step: str, width: int) -> str:
    """Sines and cosines of a float timestep (batch,)."""
    rates = np.exp(-np.log(10000.0) * np.arange(width // 2) / (width // 2))
    angles = g("Mul", g("Unsqueeze", step, g.ints(1)), g.constant(rates[None]))
    return g("Concat", g("Cos", angles), g("Sin", angles), axis=-1)
