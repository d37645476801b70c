"""Reports, traces and calibration, through the command line and the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

import heliograph as package

Run = Callable[..., object]


def test_report_as_text_and_json(compiled: Path, heliograph: Run) -> None:
    text = heliograph("report", "small.helio", "--dim", "batch=4").worked()
    assert "batch = 4" in text
    assert "first" in text
    assert "\033" not in text
    heliograph("report", "small.helio", "--dim", "batch=4", "--format", "json", "-o", "r.json").worked()
    found = json.loads(Path("r.json").read_text())
    assert found["schema"] == "heliograph.report/1"
    assert [layer["name"] for layer in found["layers"]] == ["first", "second"]
    assert found["coverage"]["macs_light"] == 4 * (6 * 20 + 20 * 4)


def test_report_beside_compile_and_from_python_agree(folder: Path, heliograph: Run) -> None:
    assert "report written to r.json" in heliograph("compile", "small.onnx", "--report", "r.json").worked()
    program = package.load("small.helio")
    assert package.report(program).to_json() == Path("r.json").read_bytes()
    assert "assumed_dims" in Path("r.json").read_text()


def test_link_budget_of_a_program(compiled: Path, heliograph: Run) -> None:
    text = heliograph("report", "small.helio", "--link").worked()
    assert "2 layers: first, second" in text
    assert "dispersion null" in text
    found = json.loads(heliograph("report", "small.helio", "--link", "--json").worked())
    assert found["schema"] == "heliograph.link/1"
    heliograph("report", "small.helio", "--link", "--format", "perfetto").failed(2, "--link")
    assert "dispersion null" in heliograph("targets", "awgr8-28g").worked()


def test_sensitivity_of_a_program(compiled: Path, heliograph: Run) -> None:
    text = heliograph("report", "small.helio", "--sensitivity", "--top", "3", "--dim", "batch=4").worked()
    assert "more move less" in text
    assert "These move nothing" in text
    found = json.loads(heliograph("report", "small.helio", "--sensitivity", "--json").worked())
    assert found["schema"] == "heliograph.sensitivity/1"
    assert found["assumed_dims"] == ["batch"]
    cost = package.report(package.load("small.helio")).data.totals
    assert found["base"]["time_ps"] == cost.makespan_ps
    heliograph("report", "small.helio", "--sensitivity", "--format", "perfetto").failed(2, "text or JSON")
    heliograph("report", "small.helio", "--sensitivity", "--link").failed(2, "one of them")


def test_light_that_no_detector_sees_is_refused(folder: Path, heliograph: Run) -> None:
    target = "awgr8-28g{path.amplifiers=0,cloud.fibre_km=400}"
    heliograph("compile", "small.onnx", "-t", target).failed(1, "HG4005", "photons per symbol", "remedy: more launch")
    assert not Path("small.helio").exists()


def test_report_errors(compiled: Path, heliograph: Run) -> None:
    heliograph("report", "small.helio", "--dim", "bacht=4").failed(2, "HG1201")
    heliograph("report", "small.helio", "--format", "pdf").failed(2, "HG1304")
    heliograph("report", "small.helio", "-o", "absent/r.txt").failed(1, "HG1005")
    heliograph("compile", "small.onnx", "--to", "tiled", "-o", "tiled.helio").worked()
    heliograph("report", "tiled.helio").failed(1, "HG1104", "tiled")


def test_traces_hold_the_schedule(compiled: Path, heliograph: Run) -> None:
    heliograph("run", "small.helio", "--input", "x=1,1,1,1,1,1", "--trace", "t.json").worked()
    trace = json.loads(Path("t.json").read_text())
    slices = [e for e in trace["traceEvents"] if e["ph"] == "X"]
    assert any("first" in e["name"] for e in slices)
    report = json.loads(package.report(package.load("small.helio"), dims={"batch": 1}).to_json())
    assert max(e["ts"] + e["dur"] for e in slices) == pytest.approx(report["totals"]["makespan_ps"] / 1000, rel=1e-3)
    shown = heliograph("report", "small.helio", "--format", "perfetto").worked()
    assert json.loads(shown)["traceEvents"] == trace["traceEvents"]


def test_calibration(folder: Path, heliograph: Run) -> None:
    target = "awgr8-28g{precision.adc_range=calibrated}"
    heliograph("compile", "small.onnx", "-t", target).failed(2, "HG1305", "--calibrate")
    x = np.random.default_rng(4).standard_normal((16, 6)).astype(np.float32)
    np.savez("x.npz", x=x)
    heliograph("compile", "small.onnx", "-t", target, "--calibrate", "x.npz").worked()
    from_python = package.compile("small.onnx", target, calibrate={"x": x})
    from_python.save("python.helio")
    assert "adc_rms" in heliograph("inspect", "small.helio", "--level", "scheduled").worked()
    a, b = (
        package.InferenceSession(f, engine="quantized").run(None, {"x": x})[0] for f in ("small.helio", "python.helio")
    )
    np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("arrays", "code"),
    [({}, "HG1202"), ({"z": np.zeros(3)}, "HG1202"), ({"x": np.zeros((1, 5), np.float32)}, "HG1203")],
)
def test_bad_calibration_samples(folder: Path, heliograph: Run, arrays: dict[str, np.ndarray], code: str) -> None:
    np.savez("x.npz", **arrays)
    heliograph("compile", "small.onnx", "--calibrate", "x.npz").failed(1, code)
    Path("x.npz").write_bytes(Path("x.npz").read_bytes()[:-4])
    heliograph("compile", "small.onnx", "--calibrate", "x.npz").failed(1, "HG1001", "x.npz")
    heliograph("compile", "small.onnx", "--calibrate", "small.onnx").failed(1, "HG1001")


def test_fallback_error_names_what_light_cannot_take(folder: Path, heliograph: Run) -> None:
    heliograph("compile", "small.onnx", "--fallback", "error").worked()
    square = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, [4, 4]) for name in "xwy"]
    node = onnx.helper.make_node("MatMul", ["x", "w"], ["y"], "odd")
    graph = onnx.helper.make_graph([node], "odd", square[:2], square[2:])
    opset = onnx.helper.make_opsetid("", 18)
    onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10), "odd.onnx")
    heliograph("compile", "odd.onnx", "--fallback", "error").failed(1, "HG2004", "MatMul 'odd'")
    heliograph("compile", "odd.onnx").worked()
    assert "agree with onnxruntime" in heliograph("check", "odd.onnx").worked()
