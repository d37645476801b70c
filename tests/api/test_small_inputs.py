"""Inputs too small for the windows of a convolution."""

import numpy as np
import onnx
import pytest
from onnx import helper

import heliograph


def model(op_type: str, weight: tuple[int, ...], padding: int) -> onnx.ModelProto:
    """One convolution over pictures of open height."""
    nodes = [helper.make_node(op_type, ["x", "w"], ["y"], name="windows", pads=[padding] * 4)]
    x = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 2, "h", 4])
    y = helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)
    w = onnx.numpy_helper.from_array(np.ones(weight, np.float32), "w")
    graph = helper.make_graph(nodes, "small", [x], [y], [w])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


@pytest.mark.parametrize("engine", ["ideal", "quantized", "noisy"])
@pytest.mark.parametrize(
    ("op_type", "weight", "padding"), [("Conv", (3, 2, 3, 3), 0), ("ConvTranspose", (2, 3, 3, 3), 2)]
)
def test_windows_that_do_not_fit(op_type, weight, padding, engine) -> None:
    session = heliograph.InferenceSession(model(op_type, weight, padding), target="awgr8-28g", engine=engine)
    assert session.run(None, {"x": np.ones((1, 2, 5, 4), np.float32)})[0].size
    for height in (1, 2):  # the result would be one row short of nothing, or nothing
        with pytest.raises(heliograph.HeliographError) as caught:
            session.run(None, {"x": np.ones((1, 2, height, 4), np.float32)})
        assert [(d.code, d.node) for d in caught.value.diagnostics] == [("HG1203", "windows")]
    assert session.run(None, {"x": np.ones((1, 2, 5, 4), np.float32)})[0].size
