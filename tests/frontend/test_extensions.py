"""Operators that exporters put into ONNX's domain although only onnxruntime has them there."""

from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

import heliograph

Build = Callable[..., onnx.ModelProto]
node = helper.make_node
RANDOM = np.random.default_rng(0)
WEIGHT = numpy_helper.from_array(RANDOM.standard_normal((8, 8)).astype(np.float32), "w")
SCALE = numpy_helper.from_array(RANDOM.random(8).astype(np.float32), "s")


def _both(model: onnx.ModelProto, x: np.ndarray) -> None:
    (ours,) = heliograph.InferenceSession(heliograph.compile(model, target="awgr8-28g"), engine="ideal").run(
        None, {"x": x}
    )
    (theirs,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("opset", [13, 17, 21])
def test_rms_norm_as_onnxruntime_spells_it(build: Build, opset: int) -> None:
    nodes = [
        node("MatMul", ["x", "w"], ["a"]),
        node("SimplifiedLayerNormalization", ["a", "s"], ["n"], epsilon=1e-5, axis=-1),
        node("MatMul", ["n", "w"], ["y"]),
    ]
    model = build(nodes, [("x", ["batch", 4, 8])], ["y"], [WEIGHT, SCALE], opset=opset)
    model.ir_version = 8
    _both(model, RANDOM.standard_normal((3, 4, 8)).astype(np.float32))


def test_in_the_body_of_a_branch(build: Build) -> None:
    def branch(name: str, scale: str) -> onnx.GraphProto:
        normed = node("SimplifiedLayerNormalization", ["a", scale], [name], axis=-1)
        return helper.make_graph([normed], name, [], [helper.make_tensor_value_info(name, 1, None)])

    nodes = [
        node("MatMul", ["x", "w"], ["a"]),
        node("ReduceSum", ["x"], ["sum"], keepdims=0),
        node("Greater", ["sum", "zero"], ["positive"]),
        node("If", ["positive"], ["y"], then_branch=branch("yes", "s"), else_branch=branch("no", "t")),
    ]
    more = [numpy_helper.from_array(np.float32(0), "zero"), numpy_helper.from_array(-RANDOM.random(8).astype("f"), "t")]
    model = build(nodes, [("x", [4, 8])], ["y"], [WEIGHT, SCALE, *more], opset=18)
    model.ir_version = 8
    for sign in (1, -1):
        _both(model, sign * RANDOM.random((4, 8)).astype(np.float32))
