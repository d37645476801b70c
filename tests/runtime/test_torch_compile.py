"""What happens to partial sums as one kernel by torch.compile, on this processor where it has a C++ compiler."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_torch_engine import ALL_TERMS, call_of, differing, operands

from heliograph.runtime.engines import AnalogEngine, Noise, compute
from heliograph.runtime.torch_engine import TorchEngine

pytest.importorskip("torch")
import torch

from heliograph.runtime.torch_engine import reading


def test_what_cannot_be_compiled_runs_operation_by_operation(monkeypatch) -> None:
    def refuses(*_):
        raise RuntimeError("no compiler")

    monkeypatch.setattr(torch, "compile", lambda *_, **__: refuses)
    x, w = operands()
    engine = TorchEngine("cpu", lambda _: ALL_TERMS, compiled=True)
    got = compute(engine, call_of(x, w), x, w)
    np.testing.assert_array_equal(got, compute(TorchEngine("cpu", lambda _: ALL_TERMS), call_of(x, w), x, w))
    assert (engine.stats.calls, engine.stats.fused_calls) == (1, 0)


def test_processors_do_not_compile_unasked() -> None:
    assert not reading.compiles_on(torch.device("cpu"))


@pytest.mark.slow
@pytest.mark.skipif(not (shutil.which("g++") or shutil.which("clang++")), reason="no C++ compiler")
def test_compiled_readings_are_those_of_the_definition(tmp_path) -> None:
    """In a process of its own, which leaves neither a cache nor workers of the compiler behind."""
    settings = {"TORCHINDUCTOR_CACHE_DIR": str(tmp_path), "TORCHINDUCTOR_COMPILE_THREADS": "1"}
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, __file__],
        env={**os.environ, **settings, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def check_compiled() -> None:
    """Sizes and coefficients change; the kernels stay: one for each count of slices."""
    from torch._inductor import metrics

    for rows, columns, c0 in ((33, 21, 2e-3), (5, 70, 5e-3), (1, 1, 1e-3)):
        x, w = operands(rows=rows, k=45, columns=columns)
        noise = Noise(c0, 1e-4, 4e-3, 3e-3, 0.01, np.full((8, 8), 0.005), 0.003, 0.012)
        engine = TorchEngine("cpu", lambda _, noise=noise: noise, compiled=True)
        got = compute(engine, call_of(x, w), x, w)
        assert engine.stats.fused_calls == 1
        assert differing(got, compute(AnalogEngine(lambda _, noise=noise: noise), call_of(x, w), x, w)) < 0.005
    assert metrics.generated_kernel_count == 2


if __name__ == "__main__":
    check_compiled()
