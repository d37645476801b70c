"""Sizes that stay open within a range: `--dim NAME=LEAST:TYPICAL:MOST` and `heliograph.SizeRange`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from click.testing import CliRunner

import heliograph
from heliograph.cli.commands.compile import command

MODEL = """<ir_version: 9, opset_import: ["" : 20]>
g (float[batch, 4] x) => (float[batch, 4] y) { h = MatMul(x, w) y = Relu(h) }"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    graph = onnx.parser.parse_model(MODEL)
    graph.graph.initializer.append(onnx.numpy_helper.from_array(np.eye(4, dtype=np.float32), "w"))
    path = tmp_path / "m.onnx"
    onnx.save(graph, path)
    return path


def test_reports_take_the_typical_size_and_runs_stay_in_the_range(model: Path) -> None:
    program = heliograph.compile(model, dims={"batch": heliograph.SizeRange(2, 8, 64)})
    assert heliograph.report(program).data.dims == {"batch": 8}
    assert heliograph.report(program).data.assumed_dims == ()
    session = heliograph.InferenceSession(program, engine="ideal")
    assert session.run(None, {"x": np.ones((64, 4), np.float32)})[0].shape == (64, 4)
    with pytest.raises(heliograph.HeliographError, match=r"HG1203.*'batch' is 65, the program is for 2 to 64"):
        session.run(None, {"x": np.ones((65, 4), np.float32)})
    with pytest.raises(heliograph.HeliographError, match="HG1201"):
        heliograph.report(program, dims={"batch": 1})


@pytest.mark.parametrize("text", ["batch=2:8", "batch=8:2:64", "batch=0:1:2", "batch=1:2:3:4", "batch=a:b:c"])
def test_bad_ranges(model: Path, text: str) -> None:
    result = CliRunner().invoke(command, [str(model), "--dim", text, "-o", str(model.with_suffix(".helio"))])
    assert isinstance(result.exception, heliograph.HeliographError)
    assert result.exception.diagnostics[0].code == "HG1201"
    assert not model.with_suffix(".helio").exists()


def test_range_on_the_command_line(model: Path) -> None:
    out = model.with_suffix(".helio")
    result = CliRunner().invoke(command, [str(model), "--dim", "batch=1:16:32", "-o", str(out)])
    assert result.exception is None, result.output
    assert heliograph.report(heliograph.load(out)).data.dims == {"batch": 16}
