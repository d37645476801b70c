"""Models whose weights lie in files of their own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest

import heliograph as package

Run = Callable[..., object]
ONES = "x=1,1,1,1,1,1"


@pytest.fixture
def external(folder: Path, model: onnx.ModelProto) -> Path:
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    onnx.save(copy, "big.onnx", save_as_external_data=True, location="big.data", size_threshold=0)
    return folder / "big.data"


def test_outputs_do_not_depend_on_where_weights_lie(external: Path, heliograph: Run) -> None:
    (external.parent / "out").mkdir()
    heliograph("compile", "small.onnx").worked()
    heliograph("compile", "big.onnx").worked()
    heliograph("compile", "big.onnx", "-o", "out/big.helio").worked()
    outputs = {heliograph("run", p, "--input", ONES).worked() for p in ("small.helio", "big.helio", "out/big.helio")}
    assert len(outputs) == 1
    assert Path("big.helio").stat().st_size < Path("small.helio").stat().st_size
    assert "big.data" in heliograph("inspect", "big.helio").worked()


@pytest.mark.parametrize("change", ["remove", "truncate"])
def test_absent_data(external: Path, heliograph: Run, change: str) -> None:
    heliograph("compile", "big.onnx").worked()
    if change == "remove":
        external.unlink()
    else:
        os.truncate(external, 100)
    heliograph("run", "big.helio", "--input", ONES).failed(1, "HG3004", "big.data")
    heliograph("inspect", "big.onnx").worked()
    for command in (["compile", "big.onnx", "-o", "again.helio"], ["check", "big.onnx"]):
        heliograph(*command).failed(1, "HG1003", "big.data")
    with pytest.raises(package.HeliographError, match="HG1003"):
        package.InferenceSession("big.onnx")
    assert not Path("again.helio").exists()


def test_other_weights_than_those_compiled(external: Path, heliograph: Run) -> None:
    heliograph("compile", "big.onnx").worked()
    data = bytearray(external.read_bytes())
    data[17] ^= 1
    external.write_bytes(data)
    heliograph("run", "big.helio", "--input", ONES).failed(1, "HG3004", "other contents")
