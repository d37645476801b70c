"""`threads` and `device`: what computes never changes the noise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

import heliograph as package

Run = Callable[..., Any]
FIDELITIES = ["exact", "fast"]
X = np.random.default_rng(0).standard_normal((130, 6)).astype(np.float32)


@pytest.mark.parametrize("fidelity", FIDELITIES)
def test_a_model_gives_the_same_bytes(model: onnx.ModelProto, fidelity: Any) -> None:
    program = package.compile(model, "awgr8-28g")
    sessions = [package.InferenceSession(program, fidelity=fidelity, seed=2, threads=t) for t in (1, 2, 3, None)]
    assert len({s.run(None, {"x": X})[0].tobytes() for s in sessions}) == 1


@pytest.mark.parametrize("engine", ["quantized", "noisy"])
@pytest.mark.parametrize("fidelity", FIDELITIES)
@pytest.mark.parametrize("ports", [8, 16])
def test_a_product_gives_the_same_bytes(engine: Any, fidelity: Any, ports: int) -> None:
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal((251, 101)).astype(np.float32), rng.standard_normal((101, 83)).astype(np.float32)
    target = f"awgr8-28g{{opu.ports_in={ports},opu.ports_out={ports}}}"
    products = [
        package.simulate_gemm(x, w, target=target, engine=engine, fidelity=fidelity, threads=t) for t in (1, 2, 3)
    ]
    assert len({y.tobytes() for y in products}) == 1


def test_the_command_line_takes_them(compiled: Path, heliograph: Run) -> None:
    arguments = ("run", "small.helio", "--input", "x=1,2,3,4,5,6", "--seed", "3")
    one = heliograph(*arguments, "--threads", "1").worked()
    assert heliograph(*arguments, "--threads", "2").worked() == one == heliograph(*arguments).worked()
    heliograph(*arguments, "--threads", "0").failed(2, "--threads")
    heliograph(*arguments, "--device", "nonsense").failed(2, "HG5003", "nonsense")
    heliograph(*arguments, "--device", "nonsense", "--engine", "ideal").failed(2, "HG1304")


def test_a_model_on_a_device_of_torch(model: onnx.ModelProto) -> None:
    pytest.importorskip("torch")
    program = package.compile(model, "awgr8-28g")
    exact = package.InferenceSession(program, engine="ideal").run(None, {"x": X})[0]
    here, there = (package.InferenceSession(program, device=d).run(None, {"x": X})[0] - exact for d in (None, "cpu"))
    assert np.std(there) == pytest.approx(np.std(here), rel=0.15)


@pytest.mark.parametrize(
    "options",
    [{"threads": 0}, {"threads": -1}, {"threads": 1.5}, {"threads": True}, {"seed": "1"}, {"fidelity": "slow"}],
)
def test_options_that_are_not_there(model: onnx.ModelProto, options: dict[str, Any]) -> None:
    with pytest.raises(package.HeliographError, match="HG1304"):
        package.InferenceSession(model, **options)
    with pytest.raises(package.HeliographError, match="HG1304"):
        package.simulate_gemm(X, X.T, **options)
