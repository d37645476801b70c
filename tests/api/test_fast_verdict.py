"""What fast fidelity decides must not depend on where the rows of a picture happen to lie."""

import numpy as np
import pytest

import heliograph


@pytest.mark.parametrize("width", [31, 32, 60])
@pytest.mark.parametrize("target", ["awgr8-28g", "dptc12-5g"])
def test_rows_at_a_constant_distance_do_not_hide_the_others(width, target) -> None:
    """Strong rows as far apart as a sixteenth of the picture, among rows too weak for the converter."""
    pytest.importorskip("llvmlite")
    rng = np.random.default_rng(0)
    rows, k = width * width, 256
    w = rng.standard_normal((k, 256)).astype(np.float32)
    strong = np.linspace(0, rows - 1, 16).astype(int)
    x = 0.02 * rng.standard_normal((rows, k))
    x[:, 0] = 1
    x[strong] = np.sign(rng.standard_normal((16, k)))
    for order in (np.arange(rows), rng.permutation(rows)):
        gemm = heliograph.OpticalGemm(w, target=target, engine="noisy", fidelity="fast", threads=1)
        gemm(x[order].astype(np.float32))
        assert (gemm.stats.fast_calls, gemm.stats.exact_for_coarse_steps) == (0, 1)
