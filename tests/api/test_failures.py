"""Defects, interrupts and closed pipes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., object]


def test_a_defect_leaves_a_reproducer(
    folder: Path, heliograph: Run, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("reproducers")
    monkeypatch.setattr("tempfile.tempdir", str(place))

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a defect\nwith two lines")

    monkeypatch.setattr("heliograph.cli.compile.compile_unit", fail)
    result = heliograph("compile", "small.onnx")
    (reproducer,) = place.iterdir()
    result.failed(70, "HG9001", "ZeroDivisionError: a defect", str(reproducer))
    assert "in fail" in (reproducer / "traceback.txt").read_text()
    facts = json.loads((reproducer / "command.json").read_text())
    assert facts["arguments"] == ["compile", "small.onnx"]
    assert list(facts["files"]) == [str(folder / "small.onnx")]
    assert [p.name for p in folder.iterdir()] == ["small.onnx"]


def test_an_interrupt_is_quiet(folder: Path, heliograph: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("heliograph.cli.compile.compile_unit", interrupt)
    result = heliograph("compile", "small.onnx")
    assert (result.code, result.out, result.err) == (130, "", "")


def test_a_closed_pipe_is_quiet() -> None:
    script = "import sys; from heliograph.cli import entry; sys.exit(entry(['targets', 'awgr8-28g'] ))"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait() in (0, 141)
    assert said == b""


def test_colour_is_for_terminals(folder: Path, heliograph: Run) -> None:
    assert "\033" not in heliograph("compile", "absent.onnx").err
