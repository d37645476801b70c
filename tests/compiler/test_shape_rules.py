"""Sizes through ops that pad, resize, join and branch are expressions in the sizes of the inputs."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from heliograph.compiler.frontend import load_graph
from heliograph.compiler.module import main_of
from heliograph.ir.core import TensorType

BODY = "batch, 6"
CASES = {
    "pad": ("p = Constant<value_ints = [0, 2, 0, 1]>() y = Pad(x, p)", "batch, width + 3"),
    "pad_axes": (
        "p = Constant<value_ints = [2, 1]>() a = Constant<value_ints = [-1]>() y = Pad(x, p, , a)",
        "batch, width + 3",
    ),
    "resize_up": ("s = Constant<value_floats = [1.0, 2.0]>() y = Resize(x, , s)", "batch, 2*width"),
    "resize_down": ("s = Constant<value_floats = [1.0, 0.5]>() y = Resize(x, , s)", "batch, floordiv(width, 2)"),
    "resize_part": (
        "s = Constant<value_floats = [1.5]>() y = Resize<axes = [1]>(x, , s)",
        "batch, floordiv(3*width, 2)",
    ),
    "resize_sizes": (
        "q = Shape(x) t = Constant<value_int = 3>() m = Mul(q, t) y = Resize(x, , , m)",
        "3*batch, 3*width",
    ),
    "joined_after_resize": (
        """s = Constant<value_floats = [1.0, 0.5]>() h = Resize(x, , s)
           t = Constant<value_floats = [1.0, 2.0]>() d = Resize(h, , t) y = Concat<axis = 0>(x, d)""",
        "2*batch, width",
    ),
    "chosen_by_sizes": (
        """q = Shape(x) e = Equal(q, q) n1 = Not(e) o = Or(e, n1) a = And(o, e)
           t = Constant<value_ints = [7]>() s = Where(a, q, t) y = Expand(x, s)""",
        "batch, width",
    ),
    "best": (
        """i = ArgMax<axis = 1, keepdims = 0>(x) j = ArgMin<axis = 0>(x) f = Cast<to = 1>(i) h = Cast<to = 1>(j)
           p = Constant<value_ints = [-1, 1]>() g = Reshape(f, p) y = Add(g, h)""",
        "batch, width",
    ),
    "branches": (
        """y = If(c)<then_branch = a () => (float[q, r] u) { u = Relu(x) },
                      else_branch = b () => (float[s, t] v) { v = Neg(x) }>""",
        "batch, width",
    ),
    "loop": (
        """y = Loop(n, , x)<body = body (int64 i, bool k, float[batch, width] h)
             => (bool l, float[batch, width] o) { l = Identity(k) o = Tanh(h) }>""",
        "batch, width",
    ),
    "growing_loop": (
        """y = Loop(n, , x)<body = body (int64 i, bool k, float[rows, width] h)
             => (bool l, float[more, width] o) { l = Identity(k) o = Concat<axis = 0>(h, x) }>""",
        "?, width",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sizes_are_expressions(name: str) -> None:
    text, expected = CASES[name]
    inputs = "float[batch, width] x, bool c, int64 n"
    model = onnx.parser.parse_model(
        f'<ir_version: 9, opset_import: ["" : 19]> g ({inputs}) => (float[yr, yc] y) {{ {text} }}'
    )
    module, _, _ = load_graph(model)
    kind = main_of(module).body.ops[-1].operands[0].type
    assert isinstance(kind, TensorType)
    assert kind.dims is not None
    given = {"batch", "width"}
    found = ["?" if d is None or not d.symbols() <= given else str(d) for d in kind.dims]
    assert ", ".join(found) == expected
    feeds = {"x": np.ones((3, 6), np.float32), "c": np.array(True), "n": np.array(2)}
    used = {i.name for i in model.graph.input} & set(feeds)
    (y,) = ort.InferenceSession(model.SerializeToString()).run(None, {n: feeds[n] for n in used})
    for size, actual in zip(kind.dims, y.shape, strict=True):
        if size is not None and size.symbols() <= given:
            assert size.evaluate({"batch": 3, "width": 6}) == actual
