"""Gradients spelled out, against finite differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

import heliograph
from heliograph.compiler.frontend.gradient import _RULES
from heliograph.ir.diagnostics import HeliographError

TRAINING = "ai.onnx.preview.training"
node = helper.make_node


def model(nodes: list[onnx.NodeProto], inputs: dict[str, list[int]], kind: int = TensorProto.DOUBLE) -> onnx.ModelProto:
    infos = [helper.make_tensor_value_info(n, kind, s) for n, s in inputs.items()]
    gradient = node("Gradient", list(inputs), [f"d{n}" for n in inputs], domain=TRAINING, xs=list(inputs), y="y")
    outputs = [helper.make_tensor_value_info(n, kind, None) for n in ("y", *gradient.output)]
    imports = [helper.make_opsetid("", 18), helper.make_opsetid(TRAINING, 1)]
    graph = helper.make_graph([*nodes, gradient], "g", infos, outputs)
    return helper.make_model(graph, opset_imports=imports, ir_version=10)


def check(built: onnx.ModelProto) -> None:
    session = heliograph.InferenceSession(built)
    rng = np.random.default_rng(0)
    feeds = {p.name: rng.uniform(0.5, 1.5, p.shape) for p in session.get_inputs()}
    _, *found = session.run(None, feeds)
    for name, got in zip(feeds, found, strict=True):
        assert got.shape == feeds[name].shape
        for index in np.ndindex(*feeds[name].shape):
            sides = []
            for step in (1e-4, -1e-4):
                moved = {n: v.copy() for n, v in feeds.items()}
                moved[name][index] += step
                sides.append(session.run(["y"], moved)[0].sum())
            np.testing.assert_allclose(got[index], (sides[0] - sides[1]) / 2e-4, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("kind", _RULES)
def test_each_rule(kind: str) -> None:
    binary = kind in ("Add", "Sub", "Mul", "Div", "MatMul")
    shapes = {"a": [2, 3], "b": [3, 4] if kind == "MatMul" else [2, 3]}
    if not binary:
        del shapes["b"]
    check(model([node(kind, list(shapes), ["y"])], shapes))


def test_values_used_twice_and_not_at_all() -> None:
    nodes = [
        node("MatMul", ["a", "b"], ["h"]),
        node("Tanh", ["h"], ["t"]),
        node("Mul", ["t", "h"], ["p"]),
        node("Add", ["p", "p"], ["y"]),
    ]
    check(model(nodes, {"a": [2, 3], "b": [3, 4], "c": [2, 2]}))


def test_at_other_values(build: Callable[..., onnx.ModelProto]) -> None:
    """The graph is differentiated where the inputs of Gradient are, not where the graph itself is evaluated."""
    nodes = [
        node("Mul", ["a", "a"], ["y"]),
        node("Neg", ["a"], ["b"]),
        node("Gradient", ["b"], ["d"], domain=TRAINING, xs=["a"], y="y"),
    ]
    session = heliograph.InferenceSession(build(nodes, [("a", [2])], ["d"], domains=[TRAINING]))
    (got,) = session.run(None, {"a": np.array([1, 3], np.float32)})
    np.testing.assert_array_equal(got, [-2, -6])


def test_without_a_rule_it_stays_and_cannot_run(build: Callable[..., onnx.ModelProto]) -> None:
    nodes = [node("Erf", ["a"], ["y"]), node("Gradient", ["a"], ["d"], domain=TRAINING, xs=["a"], y="y")]
    session = heliograph.InferenceSession(build(nodes, [("a", [2])], ["d"], domains=[TRAINING]))
    with pytest.raises(HeliographError, match="HG5001"):
        session.run(None, {"a": np.zeros(2, np.float32)})
