"""Energy and time as LightCode (Tomich et al., arXiv 2509.16443) counts them, per 8-bit number.

Converters are in none of its totals. Every number that passes from one operator to the next goes through SRAM
(written and read) and through the local memories of both (written and read in each); a weight comes from DRAM once,
passes SRAM and one local memory. How many numbers pass (`passed`) depends on the graph of its compiler.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from heliograph.backends.conventions.gemms import Gemm

DRAM_PJ = 8.0
SRAM_PJ = 2.4
LOCAL_PJ = 1.0
MAC_PJ = 0.04
CLOCK_HZ = 9.7e9
MULTIPLEX = 20


@dataclass(frozen=True, slots=True)
class LightCodeEnergy:
    """Joule by place."""

    light: float
    sram: float
    local: float
    dram: float
    elementwise: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.light + self.sram + self.local + self.dram + self.elementwise


def energy(macs: int, weights: int, passed: int, elementwise_j: float) -> LightCodeEnergy:
    """Of one pass through a model whose operators hand on `passed` numbers."""
    return LightCodeEnergy(
        light=macs * MAC_PJ * 1e-12,
        sram=2 * (passed + weights) * SRAM_PJ * 1e-12,
        local=(4 * passed + 2 * weights) * LOCAL_PJ * 1e-12,
        dram=weights * DRAM_PJ * 1e-12,
        elementwise=elementwise_j,
    )


def light_s(gemms: Iterable[Gemm], cores: int = 1) -> float:
    """Time on light: dot products are multiplexed, each takes its length in cycles."""
    return math.fsum(
        g.repeats * math.ceil(math.ceil(g.copies * g.m * g.n / MULTIPLEX) / cores) * g.k / CLOCK_HZ for g in gemms
    )
