"""Loops of no trips: their stacked outputs are empty, but keep rank, known sizes and type."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

import heliograph


def model(trips: int) -> bytes:
    """Counts how often x is added up; gives every partial sum, and its sign as integers."""
    body = helper.make_graph(
        [
            helper.make_node("Add", ["sum", "x"], ["more"]),
            helper.make_node("Identity", ["more"], ["each"]),
            helper.make_node("Cast", ["more"], ["whole"], to=TensorProto.INT64),
            helper.make_node("Identity", ["going"], ["on"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("trip", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            helper.make_tensor_value_info("sum", TensorProto.FLOAT, ["rows", 3]),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("more", TensorProto.FLOAT, ["rows", 3]),
            helper.make_tensor_value_info("each", TensorProto.FLOAT, ["rows", 3]),
            helper.make_tensor_value_info("whole", TensorProto.INT64, ["rows", 3]),
        ],
    )
    graph = helper.make_graph(
        [
            helper.make_node("Loop", ["count", "", "x"], ["sum_out", "each_out", "whole_out"], body=body),
            helper.make_node("MatMul", ["sum_out", "w"], ["product"]),
        ],
        "loops",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 3])],
        [
            helper.make_tensor_value_info("product", TensorProto.FLOAT, ["rows", 2]),
            helper.make_tensor_value_info("each_out", TensorProto.FLOAT, None),
            helper.make_tensor_value_info("whole_out", TensorProto.INT64, None),
        ],
        [
            helper.make_tensor("count", TensorProto.INT64, [], [trips]),
            helper.make_tensor("w", TensorProto.FLOAT, [3, 2], [1.0] * 6),
        ],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    return proto.SerializeToString()


@pytest.mark.parametrize("trips", [0, 1, 4])
def test_stacked_outputs(trips) -> None:
    feeds = {"x": np.arange(6, dtype=np.float32).reshape(2, 3)}
    wanted = onnxruntime.InferenceSession(model(trips)).run(None, feeds)
    for ours, theirs in zip(heliograph.InferenceSession(model(trips)).run(None, feeds), wanted, strict=True):
        assert ours.ndim == theirs.ndim
        assert ours.dtype == theirs.dtype
        assert ours.size == theirs.size
        if theirs.size:
            np.testing.assert_allclose(ours, theirs)
