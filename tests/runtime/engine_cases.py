"""Sign schemes, noise and kinds of code that tests of several engines share."""

import math

import numpy as np

from heliograph.runtime.engines import Noise

SIGNS = ("unipolar", "two-pass", "offset", "balanced")
ALL_TERMS = Noise(2e-3, 1e-4, 4e-3, 3e-3, 0.01, np.full((8, 8), 0.005), 0.003, 0.012)
NOISE_TERMS = [
    Noise(c0=0.02),
    Noise(c1=0.01),
    Noise(c2=0.004),
    Noise(c3=0.03),
    Noise(c2=0.004, c3=-0.004),
    Noise(extinction_floor=0.02),
    Noise(leak=np.full((8, 8), 0.01)),
    Noise(weight_sigma=0.01),
    Noise(isi=0.1),
    ALL_TERMS,
]


def kinds_of_code() -> list:
    """Every `Isa` that runs here, the widest first; llvmlite must be there."""
    from heliograph.runtime.engines.fused import Isa
    from heliograph.runtime.engines.fused.jit import host_isa

    kinds = list(Isa)
    return kinds[kinds.index(host_isa()) :]


def ks_distance(sample) -> float:
    """Largest distance between the empirical distribution and the standard normal."""
    ordered = np.sort(np.ravel(sample))
    cdf = np.array([0.5 * (1 + math.erf(z / math.sqrt(2))) for z in ordered])
    ranks = np.arange(len(ordered) + 1) / len(ordered)
    return max(np.max(ranks[1:] - cdf), np.max(cdf - ranks[:-1]))
