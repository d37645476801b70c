"""Text goes on to a program that is as good as the model's own, computed weights included."""

import os
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import heliograph as api

ONES = "x=1,2,3,4,5,6"
PASSES = {
    "0_graph.mlir": "partition,quantize,tile,assign-wavelengths,schedule{objective=energy}",
    "1_partitioned.mlir": "tile,assign-wavelengths,schedule{objective=energy}",
    "2_tiled.mlir": "assign-wavelengths,schedule{objective=energy}",
    "3_scheduled.mlir": "",
}


def save(nodes, initializers, outputs, path) -> None:
    ends = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 6])]
    graph = helper.make_graph(nodes, "g", ends, outputs, initializers)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), path)


@pytest.fixture
def computing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model whose weights are an initializer, a folded transpose of one, and a node of constants."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(3)

    def tensor(name, *shape) -> onnx.TensorProto:
        return numpy_helper.from_array(rng.standard_normal(shape).astype(np.float32), name)

    nodes = [
        helper.make_node("Constant", [], ["c"], value=tensor("c", 6, 20)),
        helper.make_node("Transpose", ["turned"], ["w"], perm=[1, 0]),
        helper.make_node("MatMul", ["x", "c"], ["a"]),
        helper.make_node("Add", ["a", "b"], ["ab"]),
        helper.make_node("MatMul", ["ab", "w"], ["y"]),
    ]
    save(
        nodes,
        [tensor("turned", 5, 20), tensor("b", 20)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 5])],
        "m.onnx",
    )
    return tmp_path


@pytest.mark.parametrize("level", PASSES)
def test_every_dump_makes_the_same_program(computing, heliograph, level) -> None:
    heliograph("compile", "m.onnx", "--dump", "steps").worked()
    assert sorted(os.listdir("steps")) == [*sorted(PASSES), "weights.computed"]
    assert os.path.getsize("steps/weights.computed") == 4 * (6 * 20 + 20 * 5)
    heliograph("opt", f"steps/{level}", "-p", PASSES[level], "-o", "again.helio", "--weights", ".").worked()
    for name in ("m", "again"):
        heliograph("run", f"{name}.helio", "--input", ONES, "--output", f"y=@{name}.npy").worked()
    np.testing.assert_array_equal(np.load("m.npy"), np.load("again.npy"))
    assert api.load("again.helio").weights.source("c").path is None  # the program needs no sidecar


def test_text_made_from_text_has_a_sidecar_of_its_own(computing, heliograph) -> None:
    heliograph("compile", "m.onnx", "--to", "partitioned", "-o", "part.mlir").worked()
    os.mkdir("elsewhere")
    heliograph("opt", "part.mlir", "-p", "tile", "-o", "elsewhere/tiled.mlir").worked()
    assert Path("part.computed").read_bytes() == Path("elsewhere/tiled.computed").read_bytes()
    passes = "assign-wavelengths,schedule{objective=energy}"
    heliograph("opt", "elsewhere/tiled.mlir", "-p", passes, "-o", "again.mlir", "--weights", ".").worked()
    heliograph("compile", "m.onnx", "--to", "scheduled", "-o", "m.mlir").worked()
    assert Path("again.mlir").read_text().replace("again.", "m.") == Path("m.mlir").read_text()


def test_computed_weights_that_are_gone(computing, heliograph) -> None:
    heliograph("compile", "m.onnx", "--to", "partitioned", "-o", "part.mlir").worked()
    command = ("opt", "part.mlir", "-p", "tile,assign-wavelengths,schedule", "-o", "p.helio")
    Path("part.computed").write_bytes(Path("part.computed").read_bytes()[:-4])
    heliograph(*command).failed(1, "HG1102", "not the size of its type")
    Path("part.computed").unlink()
    heliograph(*command).failed(1, "HG3004", "put part.computed beside the text")
    Path("part.mlir").write_text(heliograph("inspect", "m.onnx", "--level", "partitioned").worked())
    heliograph(*command).failed(1, "HG3004", "was computed by the compiler", "--dump DIR")


def test_elements_of_every_kind_come_back(tmp_path, monkeypatch, heliograph) -> None:
    monkeypatch.chdir(tmp_path)
    values = {
        "half": np.linspace(-1, 1, 60).astype(ml_dtypes.bfloat16),
        "small": np.arange(150, dtype=np.int8).astype(ml_dtypes.int4),
        "long": np.arange(60, dtype=np.int64),
        "words": np.array([f"word {i}" for i in range(60)], dtype=object),
    }
    nodes, outputs = [], []
    for name, value in values.items():
        tensor = numpy_helper.from_array(value, name)
        nodes.append(helper.make_node("Constant", [], [f"{name}.held"], value=tensor))
        nodes.append(helper.make_node("Identity", [f"{name}.held"], [name]))
        outputs.append(helper.make_tensor_value_info(name, tensor.data_type, [value.size]))
    save(nodes, [], outputs, "m.onnx")
    heliograph("compile", "m.onnx", "--dump", "steps").worked()
    heliograph("opt", "steps/2_tiled.mlir", "-p", "schedule", "-o", "again.helio", "--weights", ".").worked()
    session = api.InferenceSession("again.helio")
    found = session.run(list(values), {"x": np.zeros((1, 6), np.float32)})
    for (name, value), got in zip(values.items(), found, strict=True):
        np.testing.assert_array_equal(got, value, name)
