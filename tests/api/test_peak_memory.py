"""What a process needs at most that runs a model, beside one that runs it on onnxruntime."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import heliograph

DIGITS = Path(__file__).resolve().parents[2] / "models" / "digits_gan" / "digits_gan.onnx"
STATUS = Path("/proc/self/status")

RUN = f"""
import sys
import numpy as np
import onnx
import onnxruntime as ort
model = sys.argv[1]
if sys.argv[2] == "onnxruntime":
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
else:
    import heliograph
    session = heliograph.InferenceSession(model, "awgr8-28g", engine="noisy", threads=1)
(latent,) = (v.shape[1] for v in session.get_inputs() if v.name == "z")
feeds = {{"z": np.random.default_rng(0).standard_normal((64, latent)).astype("f"), "label": np.arange(64) % 10}}
for _ in range(3):
    session.run(None, feeds)
with open("{STATUS}") as lines:  # getrusage would count the process that started this one
    print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")))
"""


def peak(model: Path, kind: str, cache: Path) -> int:
    """Peak memory in KiB of a process that runs the model three times."""
    environment = os.environ | {"XDG_CACHE_HOME": str(cache), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", RUN, str(model), kind]
    return int(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells the peak of a process")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="elsewhere LLVM loads kept kernels, and takes 50 MiB")
def test_a_run_stays_near_twice_what_onnxruntime_takes(tmp_path: Path) -> None:
    pytest.importorskip("llvmlite")
    program = tmp_path / "digits.helio"
    heliograph.compile(DIGITS, "awgr8-28g").save(program)
    theirs = peak(DIGITS, "onnxruntime", tmp_path)
    compiling = peak(program, "noisy", tmp_path)  # leaves its kernels to the next
    ours, from_onnx = peak(program, "noisy", tmp_path), peak(DIGITS, "noisy", tmp_path)
    assert ours <= 1.8 * theirs  # measured: 1.5
    assert from_onnx <= 2.4 * theirs  # 2.1
    assert compiling <= 2.8 * theirs  # 2.4
