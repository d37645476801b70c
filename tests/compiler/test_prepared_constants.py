"""Weights behind DequantizeLinear or Cast are computed once, held like any weight, and paid for once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

from heliograph.backends import load_target
from heliograph.calibration import calibrate
from heliograph.compiler import compile_model
from heliograph.ir.core import Op, walk
from heliograph.ir.dialects import Quant, Work, is_prepared
from heliograph.ir.kernel import KernelView
from heliograph.ir.levels import check
from heliograph.runtime import Executor
from heliograph.runtime.electronics import Electronics
from heliograph.runtime.report import build_report, render_text

WIDE = 1000  # the frontend folds constants of up to 8192 elements itself
RNG = np.random.default_rng(11)
X = RNG.standard_normal((4, WIDE)).astype(np.float32)


def model(
    nodes: Sequence[onnx.NodeProto], outputs: dict[str, int] | None = None, **weights: np.ndarray
) -> onnx.ModelProto:
    """x[rows, WIDE] in; float outputs of the ranks given."""
    graph = helper.make_graph(
        list(nodes),
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", WIDE])],
        [
            helper.make_tensor_value_info(n, TensorProto.FLOAT, [None] * rank)
            for n, rank in (outputs or {"y": 2}).items()
        ],
        [numpy_helper.from_array(a, n) for n, a in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def qdq() -> onnx.ModelProto:
    """int8 weight with one scale per column, input and bias behind their own scales."""
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "sx", "zx"], ["xq"]),
        helper.make_node("DequantizeLinear", ["xq", "sx", "zx"], ["xd"]),
        helper.make_node("DequantizeLinear", ["w", "sw"], ["wd"], axis=1),
        helper.make_node("DequantizeLinear", ["b", "sw"], ["bd"], axis=0),
        helper.make_node("MatMul", ["xd", "wd"], ["m"]),
        helper.make_node("Add", ["m", "bd"], ["y"]),
    ]
    return model(
        nodes,
        w=RNG.integers(-127, 128, (WIDE, 9)).astype(np.int8),
        b=RNG.integers(-999, 999, 9).astype(np.int32),
        sw=np.linspace(0.01, 0.05, 9).astype(np.float32),
        sx=np.float32(0.03),
        zx=np.uint8(128),
    )


def halves() -> onnx.ModelProto:
    """A weight kept in float16, cast, transposed and scaled."""
    nodes = [
        helper.make_node("Cast", ["w"], ["w32"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["w32"], ["wt"], perm=[1, 0]),
        helper.make_node("Mul", ["wt", "half"], ["ws"]),
        helper.make_node("MatMul", ["x", "ws"], ["y"]),
    ]
    return model(nodes, w=RNG.standard_normal((9, WIDE)).astype(np.float16), half=np.float32(0.5))


def prepared_in(module: Op) -> list[Op]:
    return [op for op in walk(module) if is_prepared(op)]


def ort_run(made: onnx.ModelProto) -> list[np.ndarray]:
    session = ort.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    return list(session.run(None, {"x": X}))


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Op]:
    """Regions in the order in which they run."""
    regions: list[Op] = []
    run = Electronics.run

    def watched(self: Electronics, region: Op, operands: Sequence[object]) -> list[object]:
        regions.append(region)
        return run(self, region, operands)

    monkeypatch.setattr(Electronics, "run", watched)
    return regions


MODELS = pytest.mark.parametrize("build", [qdq, halves], ids=["qdq", "halves"])


@MODELS
def test_weights_are_static_and_computed_once(build, ran: list[Op]) -> None:
    made = build()
    unit = compile_model(made, load_target("awgr8-28g"))
    check(unit.module)
    (region,) = prepared_in(unit.module)
    assert region.attributes["work"] == Work() != region.attributes["preparation"]
    assert region.attributes["slot"].for_ps == 0
    (kernel,) = [f for f in unit.module.body.ops if f.sym_name.startswith("gemm")]
    held = KernelView.of(kernel).spec.rhs
    assert isinstance(held, Quant)
    assert held.scale == "absmax"
    sends = [op for op in walk(unit.module) if op.name == "sched.send"]
    assert all(not is_prepared(op) for s in sends for op in walk(unit.module) if s.operands[0] in op.results)
    executor = Executor(unit.module, unit.weights)
    for _ in range(2):
        (got,) = executor.run({"x": X}).values()
        np.testing.assert_allclose(got, ort_run(made)[0], rtol=1e-5, atol=1e-5)
    assert sum(is_prepared(op) for op in ran) == 1


@MODELS
@pytest.mark.parametrize("engine", ["ideal", "quantized", "noisy"])
def test_a_full_cache_changes_nothing(build, engine: str, ran: list[Op]) -> None:
    unit = compile_model(build(), load_target("awgr8-28g"))
    kept = Executor(unit.module, unit.weights, engine=engine).run({"x": X})
    ran.clear()
    poor = Executor(unit.module, unit.weights, engine=engine, held_bytes=10)
    for _ in range(2):
        for name, value in poor.run({"x": X}).items():
            np.testing.assert_array_equal(value, kept[name])
    assert sum(is_prepared(op) for op in ran) == (1 if engine == "ideal" else 2)  # its session keeps it
    assert poor._held.nbytes == 0


@MODELS
def test_targets_that_cannot_reload_weights_take_them(build) -> None:
    module = compile_model(build(), load_target("mzi12-5g"), stop_at="tiled").module
    assert sum(op.name == "func.call" for op in walk(module)) == 1


def test_the_report_says_what_loading_costs() -> None:
    target = load_target("awgr8-28g")
    report = build_report(compile_model(halves(), target).module, target, dims={"rows": 4})
    once = report.preparation
    assert once.ops == {"Cast": 1, "Transpose": 1, "Mul": 1}
    assert once.work.elementwise == 9 * WIDE
    assert once.work.moved_bytes == 2 * 4 * 9 * WIDE
    assert once.duration_ps > 0 < once.energy_j
    assert report.weights.nbytes == 9 * WIDE  # 8 bits each, resident like any weight
    assert not any(task.ops.get("Cast") for task in report.electronics)
    assert "constants computed once on electronics (Cast, Transpose, Mul)" in " ".join(render_text(report).split())


def test_each_operand_is_a_region_of_its_own() -> None:
    """Two weights that share a scale are two regions; two that share a computed value are one."""
    weights = {n: (RNG.standard_normal((WIDE, WIDE)) / 40).astype(np.float16) for n in "abc"}
    cast = [helper.make_node("Cast", [n], [f"{n}32"], to=TensorProto.FLOAT) for n in "abc"]
    nodes = [
        *cast,
        helper.make_node("Mul", ["a32", "s"], ["wa"]),
        helper.make_node("Mul", ["b32", "s"], ["wb"]),
        helper.make_node("Add", ["b32", "c32"], ["wc"]),
        helper.make_node("MatMul", ["x", "wa"], ["ya"]),
        helper.make_node("MatMul", ["ya", "wb"], ["yb"]),
        helper.make_node("MatMul", ["yb", "wc"], ["yc"]),
        helper.make_node("ReduceSum", ["c32", "zero"], ["row"], keepdims=1),
        helper.make_node("Add", ["yc", "row"], ["y"]),
    ]
    made = model(nodes, **weights, s=np.float32(0.5), zero=np.array([0]))
    unit = compile_model(made, load_target("awgr8-28g"))
    regions = prepared_in(unit.module)
    kinds = [[op.name for op in r.body.ops if op.name.startswith("onnx.")] for r in regions]
    assert sorted(map(len, kinds)) == [2, 4]
    assert [len(r.results) for r in sorted(regions, key=lambda r: len(r.body.ops))] == [1, 3]  # wb, wc, and c32
    (got,) = Executor(unit.module, unit.weights).run({"x": X}).values()
    np.testing.assert_allclose(got, ort_run(made)[0], rtol=1e-4, atol=1e-4)


def test_random_operands_are_no_constants() -> None:
    nodes = [
        helper.make_node("RandomNormalLike", ["w"], ["r"]),
        helper.make_node("Mul", ["r", "w"], ["rw"]),
        helper.make_node("MatMul", ["x", "rw"], ["y"]),
    ]
    unit = compile_model(model(nodes, w=np.ones((WIDE, 9), np.float32)), load_target("awgr8-28g"))
    assert not prepared_in(unit.module)
    executor = Executor(unit.module, unit.weights)
    assert np.any(executor.run({"x": X})["y"] != executor.run({"x": X})["y"])


def test_weights_of_a_loop_are_computed_once(ran: list[Op]) -> None:
    """One outside the body and one inside, of three trips and two runs."""
    body = helper.make_graph(
        [
            helper.make_node("Cast", ["v"], ["v32"], to=TensorProto.FLOAT),
            helper.make_node("MatMul", ["h", "v32"], ["h1"]),
            helper.make_node("MatMul", ["h1", "w32"], ["h2"]),
            helper.make_node("Identity", ["going"], ["still"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("trip", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            helper.make_tensor_value_info("h", TensorProto.FLOAT, ["rows", WIDE]),
        ],
        [
            helper.make_tensor_value_info("still", TensorProto.BOOL, []),
            helper.make_tensor_value_info("h2", TensorProto.FLOAT, ["rows", WIDE]),
        ],
    )
    nodes = [
        helper.make_node("Cast", ["w"], ["w32"], to=TensorProto.FLOAT),
        helper.make_node("Loop", ["three", "", "x"], ["y"], body=body),
    ]
    halves = {n: (RNG.standard_normal((WIDE, WIDE)) / 40).astype(np.float16) for n in "vw"}
    made = model(nodes, **halves, three=np.array(3))
    unit = compile_model(made, load_target("awgr8-28g"))
    assert len(prepared_in(unit.module)) == 2
    executor = Executor(unit.module, unit.weights)
    for _ in range(2):
        np.testing.assert_allclose(executor.run({"x": X})["y"], ort_run(made)[0], rtol=1e-4, atol=1e-4)
    assert sum(is_prepared(op) for op in ran) == 2


def test_calibration_sees_computed_weights() -> None:
    unit = compile_model(halves(), load_target("awgr8-28g"), stop_at="graph")
    (found,) = calibrate(unit, {"x": X}).calibration.values()
    assert found.absmax == np.abs(X).max()
    assert 0 < found.slice_rms < 3


def test_recurrent_layers_leave_no_dead_regions() -> None:
    weights = {n: RNG.standard_normal(s).astype(np.float32) for n, s in {"w": (1, 15, WIDE), "r": (1, 15, 5)}.items()}
    nodes = [
        helper.make_node("Unsqueeze", ["x", "zero"], ["x3"]),
        helper.make_node("GRU", ["x3", "w", "r"], ["y"], hidden_size=5),
    ]
    made = model(nodes, {"y": 4}, **weights, zero=np.array([0]))
    unit = compile_model(made, load_target("awgr8-28g"))
    regions = [op for op in walk(unit.module) if op.name == "electronic.region"]
    assert regions
    assert all(op.results for op in regions)
    np.testing.assert_allclose(
        Executor(unit.module, unit.weights).run({"x": X})["y"], ort_run(made)[0], rtol=1e-4, atol=1e-5
    )
