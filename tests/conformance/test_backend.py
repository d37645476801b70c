"""The backend's own interface."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from heliograph.ir.diagnostics import HeliographError
from heliograph.onnx_backend import HeliographBackend


@pytest.fixture
def model() -> onnx.ModelProto:
    """y = a @ b on light, z = relu(y)."""
    nodes = [helper.make_node("MatMul", ["a", "b"], ["y"]), helper.make_node("Relu", ["y"], ["z"])]
    infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in (("a", [2, 3]), ("b", [3, 4]))]
    outputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [2, 4]) for n in "yz"]
    graph = helper.make_graph(nodes, "g", infos, outputs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


A, B = np.arange(6, dtype=np.float32).reshape(2, 3) - 3, np.ones((3, 4), np.float32)


def test_prepare_once_run_often(model: onnx.ModelProto) -> None:
    prepared = HeliographBackend.prepare(model)
    for inputs in ([A, B], (A, B), {"a": A, "b": B}):
        outputs = prepared.run(inputs)
        np.testing.assert_allclose(outputs[0], A @ B)
        np.testing.assert_allclose(outputs.z, np.maximum(A @ B, 0))
    with pytest.raises(HeliographError, match="HG1202"):
        prepared.run([A])


def test_run_model_on_another_target(model: onnx.ModelProto) -> None:
    exact = HeliographBackend.run_model(model, [A, B])
    near = HeliographBackend.run_model(model, [A, B], target="awgr8-28g", engine="quantized")
    assert exact[0].shape == near[0].shape
    assert 0 < np.abs(exact[0] - near[0]).max() < 1


def test_run_node() -> None:
    node = helper.make_node("Gemm", ["a", "b", ""], ["y"], alpha=2.0)
    np.testing.assert_allclose(HeliographBackend.run_node(node, [A, B])[0], 2 * A @ B)
    node = helper.make_node("Split", ["a"], ["p", "q"], num_outputs=2, axis=0)
    first, second = HeliographBackend.run_node(node, [A])
    np.testing.assert_array_equal(np.stack([first[0], second[0]]), A)
    node = helper.make_node("Cast", ["x"], ["y"], to=TensorProto.FLOAT)
    narrow = np.array([0.5, -1, 2], ml_dtypes.float8_e4m3fn)
    (wide,) = HeliographBackend.run_node(node, [narrow], outputs_info=[(np.float32, (3,))], opset_version=21)
    np.testing.assert_array_equal(wide, narrow.astype(np.float32))
    node = helper.make_node("SequenceAt", ["s", "i"], ["y"])
    (last,) = HeliographBackend.run_node(node, [[A, B], np.int64(1)], outputs_info=[(np.float32, (3, 4))])
    np.testing.assert_array_equal(last, B)


def test_devices(model: onnx.ModelProto) -> None:
    assert HeliographBackend.supports_device("CPU")
    assert not HeliographBackend.supports_device("CUDA")
    assert not HeliographBackend.supports_device("LIGHT")
    with pytest.raises(ValueError, match="CUDA"):
        HeliographBackend.prepare(model, "CUDA")
