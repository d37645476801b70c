"""Whether fast fidelity may stand for exact: looks at a few rows before the call is simulated."""

from __future__ import annotations

from enum import Enum

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.detect import Chain
from heliograph.runtime.engines.held import Part
from heliograph.runtime.engines.noise import probability_outside, variance

SATURATION_LIMIT = 1e-3  # share of partial sums beyond the ADC's range
SPREAD_LIMIT = 0.5  # least spread of what reaches the ADC, in steps, for its error to be uniform
SAMPLED_ROWS = 16


class Verdict(Enum):
    """What the sample says."""

    FAST = "fast"
    SATURATES = "saturates"
    COARSE = "coarse"


def verdict(chain: Chain, light: Array, parts: tuple[Part, ...], batches: Array) -> Verdict:
    """Judge from light [slices, rows, 1, tile_k] of sampled rows, which belong to the batch entries `batches`."""
    if chain.adc.step == 0:
        return Verdict.FAST
    outside, spreads = 0.0, []
    for part in parts:
        weights = part.light if len(part.light) == 1 else part.light[batches]
        for s in range(len(light)):
            mean = np.matmul(light[s], weights[:, s])
            noise = np.asarray(variance(chain.noise, light[s], weights[:, s]) / chain.repeats)
            outside = max(outside, probability_outside(mean, np.sqrt(noise), chain.adc.low, chain.adc.high))
            spreads.append(float(np.var(mean) + np.mean(noise)))
    if outside > SATURATION_LIMIT:
        return Verdict.SATURATES
    if np.sqrt(np.mean(spreads)) < SPREAD_LIMIT * chain.adc.step:
        return Verdict.COARSE
    return Verdict.FAST


def sampled_rows(batch: int, rows: int) -> tuple[Array, Array]:
    """Batch entries and rows of the sample, spread evenly; they depend on the sizes only."""
    count = min(SAMPLED_ROWS, batch * rows)
    positions = np.linspace(0, batch * rows - 1, count).astype(int)
    return positions // rows, positions % rows
