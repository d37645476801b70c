"""A small model, and the command line in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from heliograph.cli import entry


def build_model() -> onnx.ModelProto:
    """y = relu(x W1 + b) W2, with x of shape [batch, 6]."""
    rng = np.random.default_rng(5)

    def weight(name: str, *shape: int) -> onnx.TensorProto:
        return numpy_helper.from_array(rng.standard_normal(shape).astype(np.float32), name)

    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["hidden"], "first"),
        helper.make_node("Relu", ["hidden"], ["positive"], "relu"),
        helper.make_node("MatMul", ["positive", "w2"], ["y"], "second"),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 6])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 4])],
        [weight("w1", 6, 20), weight("b1", 20), weight("w2", 20, 4)],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


@dataclass
class Result:
    """What a command did."""

    code: int
    out: str
    err: str

    def failed(self, code: int, *texts: str) -> None:
        """Assert a proper failure: exit code, coded message with the texts, no traceback."""
        assert self.code == code, self.err
        assert "Traceback" not in self.err
        assert self.err.startswith(("error HG", "warning HG"))
        for text in texts:
            assert text in self.err

    def worked(self) -> str:
        """Assert success and return what was printed."""
        assert self.code == 0, self.err
        return self.out


Heliograph = Callable[..., Result]


@pytest.fixture(scope="session")
def model() -> onnx.ModelProto:
    return build_model()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: onnx.ModelProto) -> Path:
    """The working folder, with small.onnx in it."""
    monkeypatch.chdir(tmp_path)
    onnx.save(model, tmp_path / "small.onnx")
    return tmp_path


@pytest.fixture
def heliograph(capfd: pytest.CaptureFixture[str]) -> Heliograph:
    """Runs ``heliograph ARGUMENTS`` and returns what it did."""

    def run(*arguments: str) -> Result:
        code = entry(arguments)
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture
def compiled(folder: Path, heliograph: Heliograph) -> Path:
    """small.helio, compiled for awgr8-28g."""
    assert heliograph("compile", "small.onnx").code == 0
    return folder / "small.helio"
