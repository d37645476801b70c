"""Mixtures of experts: a router picks two of four experts for every token, as two exporters write it."""

from __future__ import annotations

import onnx

from zoo import layers
from zoo.graph import Graph

WIDTH, INNER, EXPERTS, PICKED = 16, 24, 4, 2


def gathered() -> onnx.ModelProto:
    """Each expert sees only its tokens: NonZero finds them, GatherND takes them, ScatterND adds the results back."""
    g = Graph("moe_gathered")
    x, weights, picked = _routed(g)
    out = g("Mul", x, g.constant(0.0))
    for expert in range(EXPERTS):
        with g.scope(f"experts.{expert}"):
            chosen = g("Equal", picked, g.int(expert))
            share = g("ReduceSum", g("Where", chosen, weights, g.constant(0.0)), g.ints(1), keepdims=1)
            hit = g("Greater", g("Squeeze", share, g.ints(1)), g.constant(0.0))
            rows = g("Transpose", g("NonZero", hit), perm=[1, 0])
            y = _expert(g, g("GatherND", x, rows))
            y = g("Mul", y, g("GatherND", share, rows))
            out = g("ScatterND", out, rows, y, reduction="add")
    return _finished(g, out)


def dense() -> onnx.ModelProto:
    """All experts see all tokens in one batched product, and the router's weights sum the results."""
    g = Graph("moe_dense")
    x, weights, picked = _routed(g)
    hot = g("OneHot", picked, g.ints(EXPERTS), g.constant([0.0, 1.0]), axis=-1)
    share = g("ReduceSum", g("Mul", hot, g("Unsqueeze", weights, g.ints(2))), g.ints(1), keepdims=0)
    every = g("Unsqueeze", x, g.ints(0))
    gate = layers.silu(g, g("MatMul", every, g.weight(EXPERTS, WIDTH, INNER, scale=0.25)))
    up = g("MatMul", every, g.weight(EXPERTS, WIDTH, INNER, scale=0.25))
    y = g("MatMul", g("Mul", gate, up), g.weight(EXPERTS, INNER, WIDTH, scale=0.25))
    return _finished(g, g("Einsum", y, share, equation="eth,te->th"))


def _routed(g: Graph) -> tuple[str, str, str]:
    """Tokens as (tokens, width), and weights and numbers of the experts picked for each."""
    x = g("Reshape", g.input("hidden", "batch", "sequence", WIDTH), g.ints(-1, WIDTH))
    probabilities = g("Softmax", layers.linear(g, x, WIDTH, EXPERTS, bias=False), axis=-1)
    best, picked = g.many("TopK", probabilities, g.ints(PICKED), outputs=2, axis=-1)
    return x, g("Div", best, g("ReduceSum", best, g.ints(1), keepdims=1)), picked


def _expert(g: Graph, x: str) -> str:
    gate = layers.silu(g, layers.linear(g, x, WIDTH, INNER, bias=False))
    up = layers.linear(g, x, WIDTH, INNER, bias=False)
    return layers.linear(g, g("Mul", gate, up), INNER, WIDTH, bias=False)


def _finished(g: Graph, y: str) -> onnx.ModelProto:
    shape = g("Shape", "hidden")
    g.output(g("Add", g("Reshape", y, shape), "hidden"), "out", "batch", "sequence", WIDTH)
    return g.model()
