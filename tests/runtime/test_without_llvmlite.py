"""Without llvmlite the numpy engine computes, and the result is the same up to codes on the edge."""

import subprocess
import sys
from pathlib import Path

import numpy as np

RUN = """
import sys
if sys.argv[2] == "without":
    sys.modules["llvmlite"] = None
import numpy as np
import heliograph
rng = np.random.default_rng(0)
x, w = rng.standard_normal((60, 50)).astype("f"), rng.standard_normal((50, 30)).astype("f")
gemm = heliograph.OpticalGemm(w, engine="noisy", seed=4)
np.save(sys.argv[1], gemm(x))
print(gemm.stats.fused_calls)
"""


def test_numpy_stands_in(tmp_path: Path) -> None:
    found = []
    for how, fused in (("with", "1"), ("without", "0")):
        path = tmp_path / f"{how}.npy"
        done = subprocess.run([sys.executable, "-c", RUN, str(path), how], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == fused
        found.append(np.load(path))
    differ = np.abs(found[0] - found[1]) > 1e-4 * np.abs(found[0]).max()
    assert differ.mean() < 0.05
