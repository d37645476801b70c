"""What the commands do when all is well."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from heliograph.cli.group import COMMANDS
from heliograph.runtime.engines.call import HeldWeights, KernelCall
from heliograph.runtime.engines.ideal import IdealEngine

Run = Callable[..., object]
ONES = "x=1,1,1,1,1,1"


def test_version_and_help(heliograph: Run) -> None:
    assert heliograph("--version").worked().startswith("heliograph 0.")
    text = heliograph("--help").worked()
    for name, summary in COMMANDS.items():
        assert name in text
        assert summary in text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(heliograph: Run, command: str) -> None:
    text = heliograph(command, "--help").worked()
    assert "Examples:" in text
    assert f"heliograph {command}" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_no_command_is_usage(heliograph: Run) -> None:
    result = heliograph()
    assert result.code == 2
    assert "Commands:" in result.err + result.out
    heliograph("compil").failed(2, "HG1304", "did you mean 'compile'?")


def test_compile_tells_what_it_did(folder: Path, heliograph: Run) -> None:
    text = heliograph("compile", "small.onnx").worked()
    assert "small.onnx -> small.helio  (awgr8-28g, level scheduled" in text
    assert "on light        2 of 3 nodes, all 200*batch multiply-accumulates" in text
    assert "1 Relu" in text
    assert "heliograph run small.helio --input x=@x.npy" in text
    assert sorted(os.listdir(folder)) == ["small.helio", "small.onnx"]


def test_compile_is_deterministic(folder: Path, heliograph: Run) -> None:
    heliograph("compile", "small.onnx", "-o", "a.helio").worked()
    heliograph("compile", "small.onnx", "-o", "b.helio").worked()
    assert Path("a.helio").read_bytes() == Path("b.helio").read_bytes()


def test_dump_writes_files_that_opt_goes_on_from(folder: Path, heliograph: Run) -> None:
    result = heliograph("compile", "small.onnx", "--dump", "steps", "--timing", "--stats", "--print-after", "tile")
    result.worked()
    assert "time per pass" in result.err
    assert "contractions" in result.err or "to light" in result.err
    assert result.err.count("// after") == 1
    names = ["0_graph.mlir", "1_partitioned.mlir", "2_tiled.mlir", "3_scheduled.mlir"]
    assert sorted(os.listdir("steps")) == names
    for name in names:
        assert heliograph("inspect", f"steps/{name}").worked() == Path("steps", name).read_text()
    heliograph(
        *("opt", "steps/1_partitioned.mlir", "-p", "tile,assign-wavelengths,schedule{objective=energy}"),
        *("-o", "again.mlir", "--weights", "."),
    ).worked()
    assert Path("again.mlir").read_text() == Path("steps/3_scheduled.mlir").read_text()


def test_opt_makes_programs_that_run(folder: Path, heliograph: Run) -> None:
    heliograph("compile", "small.onnx").worked()
    heliograph("compile", "small.onnx", "--to", "partitioned", "-o", "part.mlir").worked()
    passes = "tile,assign-wavelengths,schedule"
    heliograph("opt", "part.mlir", "-p", passes, "-o", "part.helio").worked()
    for name in ("small", "part"):
        heliograph("run", f"{name}.helio", "--input", ONES, "--output", f"y=@{name}.npy").worked()
    np.testing.assert_array_equal(np.load("small.npy"), np.load("part.npy"))


def test_print_after_goes_to_stderr(folder: Path, heliograph: Run) -> None:
    result = heliograph("compile", "small.onnx", "--print-after", "changed")
    assert "module @" not in result.worked()
    assert result.err.count("// after") >= 4


def test_run_writes_and_compares(compiled: Path, heliograph: Run) -> None:
    np.save("x.npy", np.ones((2, 6), np.float32))
    text = heliograph("run", "small.helio", "--input", "x=@x.npy", "--output", "y=@y.npy", "--seed", "7").worked()
    assert "y: float32 [2, 4]" in text
    again = ["run", "small.helio", "--input", "x=@x.npy", "--expect", "y=@y.npy", "--rtol", "0", "--atol", "0"]
    assert "as expected" in heliograph(*again, "--seed", "7").worked()
    heliograph(*again, "--seed", "8").failed(3, "HG6001", "elements differ")


def test_inline_inputs(compiled: Path, heliograph: Run) -> None:
    listed = heliograph("run", "small.helio", "--engine", "ideal", "--input", ONES).worked()
    nested = heliograph("run", "small.helio", "--engine", "ideal", "--input", "x=[[1,1,1,1,1,1]]").worked()
    assert listed == nested
    double = heliograph("run", "small.helio", "--input", ONES + ",2,2,2,2,2,2").worked()
    assert "[2, 4]" in double


def test_check_agrees_with_onnxruntime(folder: Path, heliograph: Run) -> None:
    text = heliograph("check", "small.onnx", "--dim", "batch=3").worked()
    assert "agree with onnxruntime" in text
    assert "first" in text
    assert "dB" in text


def test_check_names_the_first_divergence(folder: Path, heliograph: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = IdealEngine.multiply

    def wrong(self: IdealEngine, call: KernelCall, inputs: np.ndarray, held: HeldWeights) -> np.ndarray:
        return whole(self, call, inputs, held) + (1.0 if call.name == "second" else 0.0)

    monkeypatch.setattr(IdealEngine, "multiply", wrong)
    heliograph("check", "small.onnx").failed(3, "HG6001", "'y'", "MatMul 'second'")


def test_inspect_model(folder: Path, heliograph: Run) -> None:
    text = heliograph("inspect", "small.onnx").worked()
    for part in (
        "x: tensor(float) [batch, 6]",
        "symbolic dims  batch",
        "1  Relu",
        "200*batch, of which light can take 200*batch",
    ):
        assert part in text
    facts = json.loads(heliograph("inspect", "small.onnx", "--json").worked())
    assert facts["schema"] == "heliograph.inspect/1"
    assert facts["nodes"] == {"Gemm": 1, "Relu": 1, "MatMul": 1}
    assert facts["parameters"] == 6 * 20 + 20 + 20 * 4
    assert '"optical.gemm"' in heliograph("inspect", "small.onnx", "--level", "partitioned").worked()


def test_inspect_program(compiled: Path, heliograph: Run) -> None:
    text = heliograph("inspect", "small.helio").worked()
    for part in ("small.onnx", "awgr8-28g", "scheduled", "y: tensor(float) [batch, 4]", "weights.bin"):
        assert part in text
    facts = json.loads(heliograph("inspect", "small.helio", "--json").worked())
    assert facts["manifest"]["interface"]["outputs"][0]["shape"] == ["batch", 4]
    assert "sched.slot" in heliograph("inspect", "small.helio", "--level", "scheduled").worked()
    heliograph("inspect", "small.helio", "--level", "tiled").failed(1, "HG1104")


def test_targets(heliograph: Run) -> None:
    text = heliograph("targets").worked()
    assert "awgr8-28g" in text
    assert "ideal" in text
    text = heliograph("targets", "awgr8-28g").worked()
    for part in ("3.6 TOPS", "124.3", "195.8", "488.2", "28.125", "published", "A100"):
        assert part in text
    (line,) = (line for line in text.splitlines() if line.startswith("  converter "))
    assert line.split() == ["converter", "488.2", "567.0"]  # with balanced detection, which its formats ask for
    assert "balanced detection" not in heliograph("targets", "awgr8-28g{precision.sign_scheme=offset}").worked()
    facts = json.loads(heliograph("targets", "awgr8-28g{opu.count=4}", "--json").worked())
    assert facts["peak"]["tops"] == pytest.approx(14.4)
    assert facts["peak_balanced"]["mw_per_tops"]["converter"] == pytest.approx(567.0, abs=0.1)
    assert {"key", "value", "unit", "status", "source"} == set(facts["quantities"][0])
    heliograph("targets", "awgr").failed(2, "HG4001")


def test_explain(heliograph: Run) -> None:
    assert heliograph("explain", "hg1203").worked().startswith("HG1203: ")
    assert heliograph("explain", "1203").worked().startswith("HG1203: ")
    assert "HG9001" in heliograph("explain").worked()
    heliograph("explain", "HG12O3").failed(2, "HG1302", "HG1203")
