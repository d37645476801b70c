"""Sizes of a model keep their names wherever users meet them, also those that the IR uses for its own axes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import heliograph
from heliograph import HeliographError, SizeRange

ODD = [("n", "n_"), ("m0", "k"), ("a.b", "a_b"), ("past len", "b")]


def model_of(first: str, second: str) -> onnx.ModelProto:
    """Two products of inputs [first, 6] and [second, 6], one above the other."""
    weight = np.random.default_rng(0).standard_normal((6, 4)).astype(np.float32)
    nodes = [
        helper.make_node("Concat", ["x", "c"], ["z"], name="cat", axis=0),
        helper.make_node("MatMul", ["z", "w"], ["y"], name="product"),
    ]
    inputs = [helper.make_tensor_value_info(i, TensorProto.FLOAT, [d, 6]) for i, d in (("x", first), ("c", second))]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)]
    graph = helper.make_graph(nodes, "sizes", inputs, outputs, [numpy_helper.from_array(weight, "w")])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def feeds(first: int, second: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(1)
    return {"x": draw.standard_normal((first, 6), np.float32), "c": draw.standard_normal((second, 6), np.float32)}


@pytest.mark.parametrize(("first", "second"), ODD)
def test_a_session_and_its_file(tmp_path: Path, first: str, second: str) -> None:
    program = heliograph.compile(model_of(first, second), "ideal")
    program.save(tmp_path / "sizes.helio")
    for session in (heliograph.InferenceSession(program), heliograph.InferenceSession(tmp_path / "sizes.helio")):
        assert [i.shape for i in session.get_inputs()] == [[first, 6], [second, 6]]
        assert session.run(None, feeds(3, 5))[0].shape == (8, 4)  # two sizes, not one


@pytest.mark.parametrize(("first", "second"), ODD)
def test_a_report(first: str, second: str) -> None:
    program = heliograph.compile(model_of(first, second), "awgr8-28g")
    found = heliograph.report(program, dims={first: 3})
    assert found.data.dims == {first: 3, second: 1}
    assert found.data.assumed_dims == (second,)
    assert f"{first} = 3" in found.to_text()
    assert f"give --dim {second}=N" in found.to_text()
    assert json.loads(found.to_trace())
    with pytest.raises(HeliographError, match=r"HG1201.*'q'") as caught:
        heliograph.report(program, dims={"q": 3})
    assert caught.value.diagnostics[0].remedy == f"open sizes: {', '.join(sorted((first, second)))}"


def test_messages_of_feeds_and_ranges() -> None:
    session = heliograph.InferenceSession(model_of("n", "n"))
    with pytest.raises(HeliographError, match="HG1203: 'n' is 3 by input 'x' and 5 by input 'c'"):
        session.run(None, feeds(3, 5))
    program = heliograph.compile(model_of("n", "k"), "awgr8-28g", dims={"n": SizeRange(2, 4, 8)})
    with pytest.raises(HeliographError, match="HG1203: 'n' is 9, the program is for 2 to 8"):
        heliograph.InferenceSession(program).run(None, feeds(9, 5))
    with pytest.raises(HeliographError, match="HG1201: n = 9: the program is for 2 to 8"):
        heliograph.report(program, dims={"n": 9})
    assert heliograph.report(program).data.dims == {"k": 1, "n": 4}
    session = heliograph.InferenceSession(model_of("n", "2*n"))
    with pytest.raises(HeliographError, match=r"HG1203: .* is 5, the model wants 2\*n with n = 3"):
        session.run(None, feeds(3, 5))


@pytest.mark.parametrize(("first", "second"), ODD)
def test_commands(folder: Path, heliograph: Callable[..., object], first: str, second: str) -> None:
    onnx.save(model_of(first, second), "sizes.onnx")
    text = heliograph("inspect", "sizes.onnx").worked()
    assert f"24*{first}" in text
    assert f"24*{first}" in heliograph("compile", "sizes.onnx", "-t", "awgr8-28g", "-o", "sizes.helio").worked()
    text = heliograph("inspect", "sizes.helio").worked()
    assert f"[{first}, 6]" in text
    assert f"[{second}, 6]" in text
    text = heliograph("report", "sizes.helio", "--dim", f"{first}=4", "--dim", f"{second}=2").worked()
    assert f"{first} = 4" in text
    assert "assumed)" not in text.partition("latency")[0]
    heliograph("check", "sizes.onnx", "-t", "ideal").worked()
