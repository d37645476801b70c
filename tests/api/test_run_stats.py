"""``heliograph run --stats``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

Run = Callable[..., object]


def test_light_is_counted(compiled: Path, heliograph: Run) -> None:
    text = heliograph("run", "small.helio", "--input", "x=1,1,1,1,1,1", "--stats").worked()
    assert "2 calls of kernels" in text
    assert "all nodes ran on onnxruntime" in text
    fast = heliograph("run", "small.helio", "--input", "x=1,1,1,1,1,1", "--stats", "--fidelity", "fast").worked()
    assert "once per output" in fast or "left to exact" in fast
    assert "calls of kernels" not in heliograph("run", "small.helio", "--input", "x=1,1,1,1,1,1").worked()


def test_slow_nodes_are_told_with_the_reason(folder: Path, heliograph: Run) -> None:
    node = helper.make_node("ReduceMax", ["x"], ["y"], "any", keepdims=0)
    values = [helper.make_tensor_value_info(name, TensorProto.BOOL, shape) for name, shape in (("x", [2]), ("y", []))]
    graph = helper.make_graph([node], "odd", values[:1], values[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.save(model, "odd.onnx")
    heliograph("compile", "odd.onnx").worked()
    text = heliograph("run", "odd.helio", "--input", "x=true,false", "--stats").worked()
    assert "1 node ran on ONNX's reference evaluator" in text
    assert "ReduceMax" in text


def test_products_that_are_not_merged_are_told_with_the_reason(folder: Path, heliograph: Run) -> None:
    nodes = [
        helper.make_node("MatMul", ["x", "x"], ["s"], "square"),
        helper.make_node("MatMul", ["s", "x"], ["y"], "cube"),
    ]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT16, [2, 2]) for name in "xy"]
    graph = helper.make_graph(nodes, "halves", values[:1], values[1:])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), "halves.onnx")
    heliograph("compile", "halves.onnx").worked()
    np.save("x.npy", np.eye(2, dtype=np.float16))
    text = heliograph("run", "halves.helio", "--input", "x=@x.npy", "--engine", "ideal", "--stats").worked()
    assert "2 products not merged with the steps around: elements f16" in text
    assert "not merged" not in heliograph("run", "halves.helio", "--input", "x=@x.npy", "--stats").worked()


def test_the_next_command_fits_a_screen(folder: Path, heliograph: Run) -> None:
    names = [f"x{i}" for i in range(9)]
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in names]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [2])
    graph = helper.make_graph([helper.make_node("Sum", names, ["y"])], "wide", inputs, [output])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), "wide.onnx")
    text = heliograph("compile", "wide.onnx").worked()
    assert "--input x3=@x3.npy ... (9 inputs: heliograph inspect" in text
    assert "x4" not in text
