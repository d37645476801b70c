"""Control flow: a branch chosen by the data, and a loop whose length is an input."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper

from zoo import layers
from zoo.graph import Graph


def build(width: int = 16) -> onnx.ModelProto:
    """A state is refined `steps` times, then read out by one of two heads."""
    g = Graph("control")
    x = layers.linear(g, g.input("x", "batch", width), width, width)
    steps = g.input("steps", dtype=np.int64)
    matrix, flag = ["batch", width], helper.make_tensor_value_info
    body = g.subgraph(
        "refine",
        [
            flag("iteration", TensorProto.INT64, []),
            flag("go_on", TensorProto.BOOL, []),
            flag("state", TensorProto.FLOAT, matrix),
        ],
        [flag("go_on_out", TensorProto.BOOL, []), flag("state_out", TensorProto.FLOAT, matrix)],
    )
    with body:
        body.yields("go_on", g("Tanh", layers.linear(g, "state", width, width)))
    x = g("Loop", steps, "", x, body=body.proto)
    positive = g("Greater", g("ReduceSum", x, keepdims=0), g.constant(0.0))
    branches = {}
    for branch in ("then_branch", "else_branch"):
        branches[branch] = g.subgraph(branch, [], [flag(f"{branch}_out", TensorProto.FLOAT, matrix)])
        with branches[branch] as inner:
            inner.yields(layers.linear(g, x, width, width))
    x = g("If", positive, **{name: inner.proto for name, inner in branches.items()})
    g.output(layers.linear(g, x, width, 4), "y", "batch", 4)
    return g.model()
