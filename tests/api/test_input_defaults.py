"""Inputs that have an initializer: constants, unless the model is compiled with them as overridable."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import heliograph
from heliograph import HeliographError
from heliograph.ir.program.interface import main_function
from heliograph.ir.reference.interpreter import interpret

X = np.arange(16, dtype=np.float32).reshape(2, 8)
W = np.eye(8, dtype=np.float32) * 2
S = np.full(1, 3, np.float32)


def model(ir_version=10) -> onnx.ModelProto:
    """y = (x w) s, both of which are inputs with an initializer; older files must list all initializers so."""
    value = helper.make_tensor_value_info
    ends = [value("x", TensorProto.FLOAT, ["n", 8]), value("w", TensorProto.FLOAT, ["a", "b"])]
    nodes = [helper.make_node("MatMul", ["x", "w"], ["p"]), helper.make_node("Mul", ["p", "s"], ["y"])]
    initializers = [numpy_helper.from_array(W, "w"), numpy_helper.from_array(S, "s")]
    out = [value("y", TensorProto.FLOAT, ["n", 8])]
    graph = helper.make_graph(nodes, "g", [*ends, value("s", TensorProto.FLOAT, [1])], out, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=ir_version)


def run(program, **feeds):
    (y,) = heliograph.InferenceSession(program, engine="ideal").run(None, feeds)
    return y


@pytest.mark.parametrize("ir_version", [3, 10])
@pytest.mark.parametrize("target", ["ideal", "awgr8-28g"])
def test_what_is_not_fed_takes_the_initializer(ir_version, target, tmp_path) -> None:
    heliograph.compile(model(ir_version), target, overridable=["w", "s"]).save(tmp_path / "p.helio")
    program = heliograph.load(tmp_path / "p.helio")
    np.testing.assert_array_equal(run(program, x=X), X @ W * S)
    np.testing.assert_array_equal(run(program, x=X, s=S * 5), X @ W * S * 5)
    np.testing.assert_array_equal(run(program, x=X, w=W[::-1], s=-S), X @ W[::-1] * -S)
    np.testing.assert_array_equal(run(program, x=X), X @ W * S)


def test_the_session_tells_inputs_from_those_with_a_default() -> None:
    session = heliograph.InferenceSession(heliograph.compile(model(), overridable=["w"]))
    assert [a.name for a in session.get_inputs()] == ["x"]
    (w,) = session.get_overridable_initializers()
    assert (w.name, w.type, w.shape) == ("w", "tensor(float)", [8, 8])
    assert heliograph.InferenceSession(model()).get_overridable_initializers() == []


def test_the_default_has_the_same_meaning_in_the_reference() -> None:
    program = heliograph.compile(model(), "ideal", overridable=["w", "s"])
    for feeds in ({"x": X}, {"x": X, "s": S * 2}):
        found = interpret(program.module, feeds, program.weights)["y"]
        np.testing.assert_allclose(found, X @ W * feeds.get("s", S))


def test_a_default_of_external_data_stays_in_its_file(tmp_path) -> None:
    onnx.save(model(), tmp_path / "m.onnx", save_as_external_data=True, location="m.bin", size_threshold=0)
    program = heliograph.compile(tmp_path / "m.onnx", overridable=["w"])
    assert program.weights.source("w").path == tmp_path / "m.bin"
    program.save(tmp_path / "p.helio")
    np.testing.assert_array_equal(run(heliograph.load(tmp_path / "p.helio"), x=X), X @ W * S)


def test_feeding_a_constant_is_an_error_that_names_the_remedy() -> None:
    with pytest.raises(HeliographError, match=r"HG1202: 's' is a constant of this program[\s\S]*overridable=\['s'\]"):
        run(heliograph.compile(model(), overridable=["w"]), x=X, s=S)


def test_only_inputs_with_an_initializer_can_be_overridable() -> None:
    with pytest.raises(HeliographError) as caught:
        heliograph.compile(model(), overridable=["x", "ww"])
    assert [d.code for d in caught.value.diagnostics] == ["HG1202", "HG1202"]
    assert "did you mean 'w'?" in str(caught.value)


def test_a_fed_default_keeps_its_shape_and_type() -> None:
    program = heliograph.compile(model(), overridable=["w"])
    with pytest.raises(HeliographError, match="HG1203"):
        run(program, x=X, w=W[:, :4])
    with pytest.raises(HeliographError, match="HG1204"):
        run(program, x=X, w=W.astype(np.float64))


def test_a_default_for_no_input_is_refused_in_text() -> None:
    from heliograph.ir.levels import check

    program = heliograph.compile(model(), overridable=["s"])
    main_function(program.module).attributes["helio.inputs"] = ("x", "other")
    with pytest.raises(HeliographError, match=r"helio\.defaults gives weights by the names of inputs"):
        check(program.module)


def test_the_command_line_compiles_and_feeds_them(heliograph, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    onnx.save(model(), "m.onnx")
    heliograph("compile", "m.onnx", "-o", "m.helio", "--overridable", "s").worked()
    assert "s: tensor(float) [1], may be left out" in heliograph("inspect", "m.helio").worked()
    ones = ("--input", "x=" + ",".join("1" * 8), "--engine", "ideal")
    assert "mean 6 " in heliograph("run", "m.helio", *ones, "--trace", "t.json").worked()
    assert "mean 10 " in heliograph("run", "m.helio", *ones, "--input", "s=5").worked()
    heliograph("run", "m.helio", *ones, "--input", "w=5").failed(1, "HG1202", "--overridable w")
    heliograph("compile", "m.onnx", "--overridable", "x").failed(1, "HG1202", "inputs with a default: w, s")
