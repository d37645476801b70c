"""Recurrent language models: two layers of LSTM or GRU whose state goes in and comes out."""

from __future__ import annotations

import numpy as np
import onnx

from zoo.graph import Graph

GATES = {"LSTM": 4, "GRU": 3}


def build(kind: str, depth: int = 2, width: int = 16, vocabulary: int = 50) -> onnx.ModelProto:
    """Tokens and states in, logits and states out."""
    g = Graph(kind.lower())
    ids = g.input("input_ids", "batch", "sequence", dtype=np.int64)
    names = ("h", "c") if kind == "LSTM" else ("h",)
    x = g("Transpose", g("Gather", g.weight(vocabulary, width, scale=1.0), ids), perm=[1, 0, 2])
    for i in range(depth):
        gates = GATES[kind] * width
        weights = [g.weight(1, gates, width), g.weight(1, gates, width), g.weight(1, 2 * gates, scale=0.1)]
        states = [g.input(f"{n}{i}", 1, "batch", width) for n in names]
        attributes = {"linear_before_reset": 1} if kind == "GRU" else {}
        y, *after = g.many(kind, x, *weights, "", *states, outputs=1 + len(names), hidden_size=width, **attributes)
        x = g("Squeeze", y, g.ints(1))
        for name, state in zip(names, after, strict=True):
            g.output(state, f"{name}{i}_out", 1, "batch", width)
    y = g("Transpose", x, perm=[1, 0, 2])
    logits = g("Add", g("MatMul", y, g.weight(width, vocabulary)), g.weight(vocabulary, scale=0.1))
    g.output(logits, "logits", "batch", "sequence", vocabulary)
    return g.model()
