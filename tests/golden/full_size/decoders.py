"""GPT-2 and Llama-2-7B, prefill, all sizes fixed, as torch.jit.trace spells them: normalisation in single steps,
products of two or three dimensions with reshapes around, masks and rotations in tables, the head's weight on its own.
"""

from __future__ import annotations

import numpy as np
import onnx
from zoo import layers
from zoo.graph import External, Graph


def gpt2(external: External, tokens: int = 1024, depth: int = 12) -> onnx.ModelProto:
    """GPT-2 small."""
    width, heads, words = 768, 12, 50257
    g = Graph("gpt2", external=external)
    ids = g.input("input_ids", 1, tokens, dtype=np.int64)
    x = g("Add", g("Gather", g.weight(words, width, name="wte"), ids), g.weight(1, tokens, width, name="wpe"))
    for i in range(depth):
        with g.scope(f"h.{i}"):
            qkv = _projected(g, "qkv", _layer_norm(g, x, width), width, 3 * width)
            q, k, v = g.many("Split", qkv, g.ints(width, width, width), outputs=3, axis=-1)
            scores = _scores(g, _heads(g, q, heads), _heads(g, k, heads, turned=True))
            scores = g("Div", scores, g.constant(8.0))
            scores = g("Where", _mask(g, tokens), scores, g.constant(-1e4))
            mixed = _mixed(g, scores, _heads(g, v, heads))
            x = g("Add", _projected(g, "proj", mixed, width, width), x)
            hidden = _projected(g, "ffn1", _layer_norm(g, x, width), width, 4 * width)
            x = g("Add", x, _projected(g, "ffn2", _gelu(g, hidden), 4 * width, width))
    logits = _projected(g, "head", _layer_norm(g, x, width), width, words, bias=False)
    g.output(logits, "logits", 1, tokens, words)
    return g.model()


def llama(external: External, tokens: int = 4096, depth: int = 32) -> onnx.ModelProto:
    """Llama-2-7B, half precision."""
    width, heads, inner, words = 4096, 32, 11008, 32000
    g, head = Graph("llama", dtype=np.float16, external=external), width // heads
    ids = g.input("input_ids", 1, tokens, dtype=np.int64)
    cos, sin, mask = (
        g.weight(1, 1, tokens, size, name=n) for n, size in (("cos", head), ("sin", head), ("mask", tokens))
    )
    x = g("Gather", g.weight(words, width, name="embedding"), ids)

    def linear(name: str, x: str, inputs: int, outputs: int) -> str:
        return _projected(g, name, x, inputs, outputs, bias=False)

    def rotated(x: str) -> str:
        direct, (first, second) = g("Mul", x, cos), (_half(g, x, part, head // 2) for part in range(2))
        turned = g("Concat", g("Neg", second), first, axis=-1)
        return g("Add", direct, g("Mul", turned, sin))

    def scaled(x: str) -> str:
        return g("Mul", x, g.constant(head**-0.25))

    for i in range(depth):
        with g.scope(f"layers.{i}"):
            normal = layers.rms_norm(g, x, width)
            q, k, v = (_split(g, linear("qkv", normal, width, width), heads) for _ in range(3))
            keys = scaled(g("Transpose", rotated(k), perm=[0, 1, 3, 2]))
            scores = _scores(g, _flat(g, scaled(rotated(q))), _flat(g, keys))
            mixed = _mixed(g, g("Add", scores, mask), _flat(g, v))
            x = g("Add", x, linear("proj", mixed, width, width))
            normal = layers.rms_norm(g, x, width)
            gated = g("Mul", layers.silu(g, linear("gate", normal, width, inner)), linear("up", normal, width, inner))
            x = g("Add", x, linear("down", gated, inner, width))
    g.output(linear("head", layers.rms_norm(g, x, width), width, words), "logits", 1, tokens, words)
    return g.model()


def _mask(g: Graph, tokens: int) -> str:
    """Truth values, the only weights that are no numbers of the graph's type."""
    g.dtype, kept = np.dtype(np.bool_), g.dtype
    mask = g.weight(1, 1, tokens, tokens, name="mask")
    g.dtype = kept
    return mask


def _layer_norm(g: Graph, x: str, width: int) -> str:
    """Before opset 17: nine nodes."""
    centred = g("Sub", x, g("ReduceMean", x, g.ints(-1), keepdims=1))
    spread = g("ReduceMean", g("Pow", centred, g.constant(2.0)), g.ints(-1), keepdims=1)
    normal = g("Div", centred, g("Sqrt", g("Add", spread, g.constant(1e-5))))
    return g("Add", g("Mul", normal, g.weight(width)), g.weight(width, name="bias"))


def _gelu(g: Graph, x: str) -> str:
    """By tanh, in the order in which transformers writes it."""
    half = g("Mul", x, g.constant(0.5))
    cubic = g("Mul", g("Pow", x, g.constant(3.0)), g.constant(0.044715))
    inner = g("Tanh", g("Mul", g("Add", x, cubic), g.constant((2 / np.pi) ** 0.5)))
    return g("Mul", half, g("Add", inner, g.constant(1.0)))


def _projected(g: Graph, name: str, x: str, inputs: int, outputs: int, *, bias: bool = True) -> str:
    """A product of two dimensions."""
    with g.scope(name):
        flat = g("Reshape", x, g.ints(-1, inputs))
        return g("Reshape", layers.linear(g, flat, inputs, outputs, bias=bias), g.ints(1, -1, outputs))


def _split(g: Graph, x: str, heads: int) -> str:
    """(1, time, width) to (1, heads, time, head)."""
    return g("Transpose", g("Reshape", x, g.ints(1, 0, heads, -1)), perm=[0, 2, 1, 3])


def _heads(g: Graph, x: str, heads: int, *, turned: bool = False) -> str:
    """(1, time, width) to (heads, time, head), or to (heads, head, time)."""
    perm = [0, 2, 3, 1] if turned else [0, 2, 1, 3]
    return _flat(g, g("Transpose", g("Reshape", x, g.ints(1, 0, heads, -1)), perm=perm))


def _flat(g: Graph, x: str) -> str:
    """Without the batch of one."""
    return g("Squeeze", x, g.ints(0))


def _scores(g: Graph, q: str, k: str) -> str:
    with g.scope("attn"):
        return g("Unsqueeze", g("MatMul", q, k), g.ints(0))


def _mixed(g: Graph, scores: str, v: str) -> str:
    """softmax(scores) v, heads side by side."""
    with g.scope("attn"):
        mixed = g("Unsqueeze", g("MatMul", _flat(g, g("Softmax", scores, axis=-1)), v), g.ints(0))
        return layers.merge_heads(g, mixed)


def _half(g: Graph, x: str, part: int, size: int) -> str:
    return g("Slice", x, g.ints(part * size), g.ints((part + 1) * size), g.ints(-1))
