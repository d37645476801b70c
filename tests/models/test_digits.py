"""The digits generator: its files, its quality on light, its demo, its every level as text."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest

import heliograph
from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.levels import LEVELS, check
from heliograph.ir.text import parse_module, print_module, structurally_equal

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "ir")]

import xdsl_check  # noqa: E402

from models.digits_gan.demo import TARGET  # noqa: E402
from models.digits_gan.score import CLASSIFIER, GENERATOR, intended_rate, latents  # noqa: E402


@pytest.fixture(scope="module")
def program() -> heliograph.Program:
    z, label = latents(64, 1000)
    return heliograph.compile(GENERATOR, TARGET, calibrate={"z": z, "label": label})


@pytest.mark.parametrize(("path", "most_bytes"), [(GENERATOR, 2_000_000), (CLASSIFIER, 300_000)])
def test_committed_files_are_small_valid_and_carry_no_paths(path: Path, most_bytes: int) -> None:
    data = path.read_bytes()
    assert len(data) <= most_bytes
    onnx.checker.check_model(data, full_check=True)
    assert not any(word in data for word in (b"/home", b"/root", b"/work", b"/tmp"))


def test_onnxruntime_pictures_show_the_intended_digit() -> None:
    z, label = latents(1000, 3)
    session = ort.InferenceSession(str(GENERATOR), providers=["CPUExecutionProvider"])
    assert intended_rate(session.run(["image"], {"z": z, "label": label})[0], label) >= 0.95


@pytest.mark.parametrize("engine", ["quantized", "noisy"])
def test_pictures_drawn_on_light_show_the_intended_digit(program: heliograph.Program, engine: str) -> None:
    z, label = latents(200, 3)
    session = heliograph.InferenceSession(program, engine=engine, seed=1)  # type: ignore[arg-type]
    assert intended_rate(session.run(["image"], {"z": z, "label": label})[0], label) >= 0.93


def test_ideal_engine_matches_onnxruntime(program: heliograph.Program) -> None:
    z, label = latents(20, 5)
    found = heliograph.InferenceSession(program, engine="ideal").run(None, {"z": z, "label": label})[0]
    session = ort.InferenceSession(str(GENERATOR), providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(found, session.run(None, {"z": z, "label": label})[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("spelling", ["awgr8-28g", "ideal"])
@pytest.mark.parametrize("level", LEVELS)
def test_every_level_is_text_that_lark_and_xdsl_read(level: str, spelling: str) -> None:
    module = compile_model(GENERATOR, load_target(spelling), stop_at=level).module
    text = print_module(module)
    again = parse_module(text)
    check(again, level)
    assert structurally_equal(again, module)
    assert print_module(again) == text
    xdsl_check.check(text)


def test_every_picture_is_the_same_whatever_the_batch(program: heliograph.Program) -> None:
    z, label = latents(6, 8)
    session = heliograph.InferenceSession(program, engine="quantized")
    whole = session.run(None, {"z": z, "label": label})[0]
    parts = [session.run(None, {"z": z[i : i + 2], "label": label[i : i + 2]})[0] for i in (0, 2, 4)]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-5)


def test_demo_writes_picture_program_and_report(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "models/digits_gan/demo.py"), "--out", str(tmp_path), "--pictures", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "launch power 0 dBm" in done.stdout
    assert "8-bit inputs" in done.stdout
    assert (tmp_path / "digits.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "report.json").read_bytes())["schema"] == "heliograph.report/1"
    assert heliograph.load(tmp_path / "digits_gan.helio").target == TARGET.replace("=10}", "=10.0}")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="training needs the extra 'train'")
@pytest.mark.parametrize("name", ["digits_gan", "digits_classifier"])
def test_training_scripts_run(name: str, tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(ROOT / "models" / name / "train.py"),
        "--smoke",
        "--out",
        str(tmp_path / f"{name}.onnx"),
    ]
    subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert list(tmp_path.glob("*.onnx"))
