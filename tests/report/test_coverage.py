"""Every node and every multiply-accumulate of a model is in the report, on one side or the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.compiler.analysis.macs import macs_of
from heliograph.ir.core import sym, walk
from heliograph.runtime.report import Report, build_report, render_text


def model_macs(path: Path | onnx.ModelProto, size: int) -> int:
    """Multiply-accumulates of a model, counted on its ONNX nodes."""
    module = compile_model(path, load_target("awgr8-28g"), stop_at="graph").module
    found = (macs_of(op) for op in walk(module))
    total = sum((m for m in found if m is not None), sym(0))
    return total.evaluate(dict.fromkeys(total.symbols(), size))


def report_of(model: Path | onnx.ModelProto, spelling: str = "awgr8-28g", size: int = 1) -> Report:
    target = load_target(spelling)
    module = compile_model(model, target).module
    names = build_report(module, target).assumed_dims
    return build_report(module, target, dims=dict.fromkeys(names, size))


@pytest.mark.parametrize("batch", [1, 5])
def test_macs_of_the_generator(digits: Callable[..., Report], model_path: Path, batch: int) -> None:
    c = digits(batch=batch).coverage
    assert c.macs_light + c.macs_electronics == c.macs == model_macs(model_path, batch)
    assert c.nodes_light + c.nodes_electronics == len(onnx.load(model_path).graph.node)
    assert c.prepared_ahead == 4


@pytest.mark.parametrize("name", ["capp_gpt", "vaelight_sd_decoder", "ml5_charrnn_shakespeare", "ort_superres_core"])
def test_macs_of_real_models(shared: Path, name: str) -> None:
    path = shared / "models" / f"{name}.onnx"
    c = report_of(path, size=3).coverage
    assert c.macs == model_macs(path, 3)
    assert c.macs > 0


def weight(name: str, *shape: int) -> TensorProto:
    return numpy_helper.from_array(np.ones(shape, np.float32), name)


def small(nodes: list[onnx.NodeProto], weights: list[TensorProto], x: list[int], y: list[int | str]) -> onnx.ModelProto:
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, x)]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, y)]
    graph = helper.make_graph(nodes, "small", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def test_a_transposed_convolution_is_never_free() -> None:
    node = helper.make_node("ConvTranspose", ["x", "w"], ["y"], name="up", strides=[2, 2])
    report = report_of(small([node], [weight("w", 3, 5, 2, 2)], [1, 3, 4, 4], [1, 5, 8, 8]))
    assert report.coverage.macs_light == 4 * 4 * 3 * 5 * 4
    scatter = next(t for t in report.electronics if t.kind == "scatter")
    assert scatter.work.elementwise >= 5 * 8 * 8
    assert scatter.energy.system_j > 0


def test_a_recurrent_layer_is_paid_for_every_step() -> None:
    nodes = [helper.make_node("LSTM", ["x", "w", "r"], ["y"], name="lstm", hidden_size=4)]
    report = report_of(small(nodes, [weight("w", 1, 16, 3), weight("r", 1, 16, 4)], [5, 2, 3], [5, 1, 2, 4]))
    assert report.coverage.macs_light == 5 * 2 * 16 * (3 + 4)
    assert [(x.name, x.runs) for x in report.layers] == [("lstm::input", 1), ("lstm::step::recurrent_2", 5)]
    assert (report.coverage.nodes_light, report.coverage.nodes_electronics) == (1, 0)
    step = report.layers[1]
    assert report.totals.makespan_ps > step.start_ps + 5 * step.duration_ps
    assert "5 times" in render_text(report)


def test_what_stays_on_electronics_costs() -> None:
    nodes = [
        helper.make_node("LSTM", ["x", "w", "r"], ["h"], name="lstm", hidden_size=4, clip=1.0),
        helper.make_node("Relu", ["h"], ["y"], name="relu"),
    ]
    report = report_of(small(nodes, [weight("w", 1, 16, 3), weight("r", 1, 16, 4)], [5, 2, 3], [5, 1, 2, 4]))
    c = report.coverage
    assert (c.macs_light, c.macs_electronics) == (0, 5 * 2 * 16 * (3 + 4))
    assert (c.nodes_light, c.nodes_electronics) == (0, 2)
    assert "HG2007" in report.electronics[0].why
    assert report.totals.energy.component_j("electronics mac") > 0
    assert report.totals.opus == 0  # nothing for light: no processor is leased
    assert report.totals.energy.component_j("laser") == 0
    assert report.totals.mw_per_tops.optical is None
    assert "none on light" in render_text(report)


def test_no_work_shows_as_zero(digits: Callable[..., Report]) -> None:
    report = digits()
    for task in report.electronics:
        work = task.work
        if work.elementwise + work.reduce + work.transcendental + work.macs + work.moved_bytes:
            assert task.energy.system_j > 0
            assert task.duration_ps > 0
    for transfer in report.transfers:
        assert (transfer.energy.system_j > 0) == (transfer.bits > 0)
        assert transfer.delay_ps == 24_500_000


def test_unknown_sizes_are_said() -> None:
    nodes = [helper.make_node("NonZero", ["x"], ["i"]), helper.make_node("Cast", ["i"], ["y"], to=1, name="cast")]
    report = report_of(small(nodes, [], [3, 4], [2, "found"]))
    assert any(w.code == "HG1205" for w in report.warnings) == bool(report.coverage.unknown_sizes)
