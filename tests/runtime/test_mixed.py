"""Regions that onnxruntime runs in part: which pieces there are, and that they give what the whole would."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from heliograph.ir.program.dtypes import numpy_dtype, pack, unpack
from heliograph.runtime.mixed import MixedRegion, Verdicts
from heliograph.runtime.ort_session import Session
from heliograph.runtime.ort_values import from_ort, to_ort
from heliograph.runtime.reference import ReferencePiece

node = helper.make_node


def model(nodes: list[onnx.NodeProto], inputs: str, outputs: str, *, opset: int = 21) -> onnx.ModelProto:
    infos = [[helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n"]) for n in names] for names in (inputs, outputs)]
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.preview.training", 1)]
    return helper.make_model(helper.make_graph(nodes, "g", *infos), opset_imports=imports, ir_version=10)


def mixed(built: onnx.ModelProto, wrong: dict[int, str] | None = None, verdicts: Verdicts | None = None) -> MixedRegion:
    return MixedRegion(built, lambda part: Session(part, 1), {} if verdicts is None else verdicts, wrong or {})


def kinds(region: MixedRegion) -> list[type[Any]]:
    return [type(piece) for piece in region._pieces]


X = np.array([-1.0, 0.5, 2.0], np.float32)


def test_all_fast_is_one_piece() -> None:
    region = mixed(model([node("Relu", ["x"], ["r"]), node("Neg", ["r"], ["y"])], "x", "y"))
    assert kinds(region) == [Session]
    assert not region.slow
    np.testing.assert_array_equal(region.run({"x": X})[0], -np.maximum(X, 0))


def test_as_few_pieces_as_possible() -> None:
    """Two slow nodes side by side: fast before, slow together, fast after; a fast chain beside them joins the first."""
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("Sin", ["r"], ["s"], name="slow1"),
        node("Cos", ["r"], ["c"], name="slow2"),
        node("Neg", ["x"], ["n"]),
        node("Abs", ["n"], ["z"]),
        node("Add", ["s", "c"], ["a"]),
        node("Mul", ["a", "z"], ["y"]),
    ]
    region = mixed(model(nodes, "x", "yz"), {1: "a test", 2: "a test"})
    assert kinds(region) == [Session, ReferencePiece, Session]
    assert [s.node for s in region.slow] == ["slow1", "slow2"]
    r = np.maximum(X, 0)
    y, z = region.run({"x": X})
    np.testing.assert_allclose(y, (np.sin(r) + np.cos(r)) * np.abs(X), rtol=1e-6)
    np.testing.assert_array_equal(z, np.abs(X))


def test_what_onnxruntime_lacks_is_found_by_trying_once() -> None:
    made: list[str] = []
    nodes = [node("Relu", ["x"], ["r0"])]
    for i in range(4):
        nodes += [node("Cast", [f"r{i}"], [f"c{i}"], to=TensorProto.FLOAT4E2M1)]
        nodes += [node("Cast", [f"c{i}"], [f"r{i + 1}"], to=TensorProto.FLOAT)]
    nodes += [node("Neg", ["r4"], ["y"])]

    def make(part: onnx.ModelProto) -> Session:
        made.append("+".join(n.op_type for n in part.graph.node))
        return Session(part, 1)

    verdicts: Verdicts = {}
    region = MixedRegion(model(nodes, "x", "y", opset=23), make, verdicts, {})
    assert made.count("Cast") == 2
    assert {s.op_type for s in region.slow} == {"Cast"}
    assert all("FLOAT4" in s.why.upper() or "Cast" in s.why for s in region.slow)
    assert kinds(region) == [Session, ReferencePiece, Session]
    np.testing.assert_array_equal(region.run({"x": X})[0], -np.maximum(X, 0))
    made.clear()
    MixedRegion(model(nodes, "x", "y", opset=23), make, verdicts, {})
    assert "Cast" not in made


def test_bodies_see_outer_values_in_both_kinds() -> None:
    then = helper.make_graph([node("Sin", ["r"], ["t"])], "then", [], [onnx.ValueInfoProto(name="t")])
    other = helper.make_graph([node("Neg", ["r"], ["e"])], "else", [], [onnx.ValueInfoProto(name="e")])
    nodes = [
        node("Relu", ["x"], ["r"]),
        node("ReduceSum", ["x"], ["s"], keepdims=0),
        node("Greater", ["s", "zero"], ["c"]),
        node("If", ["c"], ["y"], then_branch=then, else_branch=other),
    ]
    built = model(nodes, "x", "y")
    built.graph.initializer.append(helper.make_tensor("zero", TensorProto.FLOAT, [], [0.0]))
    for wrong in ({}, {0: "a test"}, {3: "a test"}):
        region = mixed(built, wrong)
        np.testing.assert_allclose(region.run({"x": X})[0], np.sin(np.maximum(X, 0)), rtol=1e-6)
        np.testing.assert_array_equal(region.run({"x": -X})[0], -np.maximum(-X, 0))


def test_nobody_can_run_it() -> None:
    with pytest.raises(Exception, match="Gradient"):
        mixed(model([node("Gradient", ["x"], ["y"], domain="ai.onnx.preview.training", xs=["x"], y="y")], "x", "y"))


def test_reference_keeps_declared_types() -> None:
    built = model([node("Mean", ["x", "x"], ["y"])], "x", "y")
    (got,) = ReferencePiece(built).run({"x": X})
    assert got.dtype == np.float32


NARROW = ("int4", "uint4", "int2", "uint2", "float4_e2m1fn", "float8_e8m0fnu", "float8_e4m3fn", "bfloat16")


@pytest.mark.parametrize("name", NARROW)
@pytest.mark.parametrize("shape", [(0,), (), (1,), (7,), (3, 5), (2, 4, 1)])
def test_narrow_types_through_onnxruntime_values(name: str, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    dtype = numpy_dtype(name)
    data = np.asarray(rng.integers(0, 2, shape)).astype(np.float32).astype(dtype)
    back = from_ort(to_ort(data))
    assert back.dtype == dtype
    assert back.shape == shape
    np.testing.assert_array_equal(back.astype(np.float32), data.astype(np.float32))


@pytest.mark.parametrize("name", ["int4", "uint4", "int2", "uint2", "float4_e2m1fn"])
def test_packing_is_as_onnx_does_it(name: str) -> None:
    codes = np.arange(15, dtype=np.uint8) % (4 if name.endswith("2") else 16)
    data = codes.view(numpy_dtype(name)) if name.startswith("float") else codes.astype(numpy_dtype(name))
    tensor = onnx.numpy_helper.from_array(data, "t")
    assert pack(data, name).tobytes() == tensor.raw_data
    back = unpack(np.frombuffer(tensor.raw_data, np.uint8), name, data.shape)
    np.testing.assert_array_equal(back.astype(np.float32), data.astype(np.float32))
