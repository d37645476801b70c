"""Invalid models: coded errors, all of them at once, within bounded time and memory."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from heliograph.compiler.frontend import load_graph
from heliograph.ir.diagnostics import HeliographError

Build = Callable[..., onnx.ModelProto]
node = helper.make_node


def problems_of(model: onnx.ModelProto | Path) -> list[str]:
    """Code and node of every diagnostic."""
    with pytest.raises(HeliographError) as caught:
        load_graph(model)
    return [f"{d.code} {d.node}".strip() for d in caught.value.diagnostics]


def peak_kib() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def ints(name: str, *values: int, dims: list[int] | None = None) -> onnx.TensorProto:
    return helper.make_tensor(name, TensorProto.INT64, [len(values)] if dims is None else dims, values)


def test_values_that_nothing_defines_are_all_named(build: Build) -> None:
    nodes = [node("Add", ["a", "p"], ["y"], name="first"), node("Mul", ["q", "y"], ["z"])]
    assert problems_of(build(nodes, [("a", [2])], ["z", "w"])) == ["HG1002 first", "HG1002 Mul_1", "HG1002"]


def test_cycles(build: Build) -> None:
    nodes = [node("Add", ["a", "z"], ["y"], name="one"), node("Relu", ["y"], ["z"], name="two")]
    model = build(nodes, [("a", [2])], ["z"])
    with pytest.raises(HeliographError, match=r"HG1002 at Add 'one'.*cycle"):
        load_graph(model)
    itself = build([node("Add", ["a", "y"], ["y"], name="self")], [("a", [2])], ["y"])
    assert problems_of(itself) == ["HG1002 self"]


def test_cycles_are_found_beside_foreign_domains_and_external_data(build: Build) -> None:
    tensor = onnx.TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="absent.bin")
    nodes = [
        node("Gelu", ["z"], ["y"], name="one", domain="com.microsoft"),
        node("Add", ["y", "w"], ["z"], name="two"),
    ]
    assert problems_of(build(nodes, [], ["z"], [tensor], domains=["com.microsoft"])) == ["HG1002 one"]


def test_values_defined_twice(build: Build) -> None:
    nodes = [node("Relu", ["a"], ["y"], name="one"), node("Abs", ["a"], ["y"], name="two")]
    assert problems_of(build(nodes, [("a", [2])], ["y"])) == ["HG1002 two"]


def test_unknown_operators_and_domains_are_all_named(build: Build) -> None:
    nodes = [
        node("Relo", ["a"], ["b"], name="typo"),
        node("Foo", ["b"], ["c"], name="foreign", domain="my.domain"),
        node("Gelo", ["c"], ["d"], name="contrib", domain="com.microsoft"),
        node("GroupNormalization", ["d", "d", "d"], ["e"], name="early", num_groups=1),
    ]
    model = build(nodes, [("a", [2])], ["e"], opset=17, domains=["my.domain", "com.microsoft"])
    with pytest.raises(HeliographError) as caught:
        load_graph(model)
    found = {d.node: (d.code, d.remedy) for d in caught.value.diagnostics}
    assert {code for code, _ in found.values()} == {"HG1004"}
    assert found.keys() == {"typo", "foreign", "contrib", "early"}
    assert "Relu" in found["typo"][1]
    assert "Gelu" in found["contrib"][1]


def test_unknown_operators_in_bodies_are_named(build: Build) -> None:
    body = helper.make_graph([node("Relo", ["a"], ["t"], name="inner")], "b", [], [onnx.ValueInfoProto(name="t")])
    nodes = [node("If", ["c"], ["y"], then_branch=body, else_branch=body, name="if")]
    model = build(nodes, [("a", [2])], ["y"])
    model.graph.input.append(helper.make_tensor_value_info("c", TensorProto.BOOL, []))
    assert problems_of(model) == ["HG1004 inner", "HG1004 inner"]


def test_operators_of_onnxruntime_and_of_the_model_itself_are_known(build: Build) -> None:
    model = build([node("Gelu", ["a"], ["y"], domain="com.microsoft")], [("a", [2])], ["y"], domains=["com.microsoft"])
    load_graph(model)
    model = build([node("Mine", ["a"], ["y"], domain="my")], [("a", [2])], ["y"], domains=["my"])
    function = helper.make_function("my", "Mine", ["x"], ["y"], [node("Relu", ["x"], ["y"])], model.opset_import[:1])
    model.functions.append(function)
    module, _, _ = load_graph(model)
    assert [op.name for op in module.body.ops[0].body.ops] == ["onnx.Relu", "func.return"]


def test_contradicting_shapes_are_all_named(build: Build) -> None:
    nodes = [node("MatMul", ["a", "b"], ["y"], name="one"), node("MatMul", ["b", "b"], ["z"], name="two")]
    assert problems_of(build(nodes, [("a", [2, 3]), ("b", [4, 5])], ["y", "z"])) == ["HG1002 one", "HG1002 two"]
    assert problems_of(build([node("Add", ["a", "b"], ["y"])], [("a", [3]), ("b", [4])], ["y"])) == ["HG1002 Add_0"]


def test_tensors_must_hold_what_they_declare(build: Build) -> None:
    short = onnx.TensorProto(name="short", data_type=TensorProto.FLOAT, dims=[50_000, 50_000], raw_data=b"1234")
    fields = onnx.TensorProto(name="fields", data_type=TensorProto.FLOAT, dims=[3], float_data=[1.0])
    vast = onnx.TensorProto(name="vast", data_type=TensorProto.FLOAT, dims=[2**40, 2**40], raw_data=b"1234")
    negative = onnx.TensorProto(name="negative", data_type=TensorProto.FLOAT, dims=[-3], raw_data=b"1234")
    odd = onnx.TensorProto(name="odd", data_type=99, dims=[1], raw_data=b"1234")
    inside = node("Constant", [], ["c"], value=short)
    model = build([inside, node("Relu", ["c"], ["y"])], [], ["y"], [short, fields, vast, negative, odd])
    with pytest.raises(HeliographError) as caught:
        load_graph(model)
    assert [d.code for d in caught.value.diagnostics] == ["HG1002"] * 6
    for name in ("short", "fields", "vast", "negative", "odd"):
        assert f"'{name}'" in str(caught.value)


GROWING = {
    "ConstantOfShape": ([node("ConstantOfShape", ["s"], ["y"])], [ints("s", 100_000, 100_000)]),
    "Expand": (
        [node("Expand", ["o", "s"], ["y"])],
        [ints("s", 10**5, 10**5), helper.make_tensor("o", TensorProto.FLOAT, [1], [1.0])],
    ),
    "Tile": (
        [node("Tile", ["o", "s"], ["y"])],
        [ints("s", 10**10), helper.make_tensor("o", TensorProto.FLOAT, [1], [1.0])],
    ),
    "Pad": (
        [node("Pad", ["o", "s"], ["y"])],
        [ints("s", 10**10, 0), helper.make_tensor("o", TensorProto.FLOAT, [1], [1.0])],
    ),
    "Range": (
        [node("Range", ["a", "b", "c"], ["r"]), node("Cast", ["r"], ["y"], to=TensorProto.FLOAT)],
        [ints("a", 0, dims=[]), ints("b", 10**10, dims=[]), ints("c", 1, dims=[])],
    ),
    "Range, computed": (
        [
            node("Mul", ["b", "b"], ["b2"]),
            node("Range", ["a", "b2", "c"], ["r"]),
            node("Cast", ["r"], ["y"], to=TensorProto.FLOAT),
        ],
        [ints("a", 0, dims=[]), ints("b", 10**5, dims=[]), ints("c", 1, dims=[])],
    ),
}


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peak memory is read as Linux gives it")
@pytest.mark.parametrize("kind", GROWING)
def test_small_models_of_large_constants_compile_in_little_memory(build: Build, kind: str) -> None:
    nodes, constants = GROWING[kind]
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here, whatever ran in this process before
    before, started = peak_kib(), time.perf_counter()
    load_graph(build(nodes, [], ["y"], constants))
    assert peak_kib() - before < 200_000
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize("shape", [[2**62, 2**62], [2**40, "n"], [0, 4], [-1, 4], ["", 4]])
def test_extreme_shapes_of_inputs(build: Build, shape: list[int | str]) -> None:
    """Sizes are whole numbers of any size; a negative one is one that the exporter did not know."""
    module, _, _ = load_graph(build([node("Relu", ["a"], ["y"])], [("a", shape)], ["y"]))
    dims = str(module.body.ops[0].body.args[0].type)
    assert "-" not in dims


def test_inference_that_fails_is_silent(tmp_path: Path) -> None:
    """ONNX's inference fails on the body of MeanVarianceNormalization; nobody needs to see its traceback."""
    script = """
        import onnx
        from onnx import TensorProto, helper
        from heliograph.compiler.frontend import load_graph
        infos = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [3, 3, 3, 1]) for n in "xy"]
        node = helper.make_node("MeanVarianceNormalization", ["x"], ["y"])
        graph = helper.make_graph([node], "g", infos[:1], infos[1:])
        load_graph(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout == ""
