"""Whether fast fidelity may stand for exact: simulates a few outputs exactly and looks at their errors.

Fast fidelity takes the ADC's error for uniform noise of variance step^2 / 12, independent of light noise and from slice
to slice. That is wrong where the ADC saturates, and where its steps are coarse against what it reads: sums below half a
step all read as zero, so that noise on dark outputs vanishes and weak signals are lost together.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.coding import convert
from heliograph.runtime.engines.detect import Chain
from heliograph.runtime.engines.held import Part
from heliograph.runtime.engines.noise import product, variance

SATURATION_LIMIT = 1e-3  # share of partial sums beyond the ADC's range
ERROR_LIMIT = 0.1  # how far the mean square error of outputs may be from the supposed one, as a share of it
SAMPLED_ROWS = SAMPLED_COLUMNS = 64
SAMPLED_SLICES = 8


class Verdict(Enum):
    """What the sample says."""

    FAST = "fast"
    SATURATES = "saturates"
    COARSE = "coarse"


def verdict(chain: Chain, passes: Sequence[tuple[int, Array]], parts: tuple[Part, ...], batches: Array) -> Verdict:
    """Judge from light [slices, rows, 1, tile_k] of sampled rows per pass; rows belong to the entries `batches`."""
    adc = chain.adc
    if adc.step == 0:
        return Verdict.FAST
    all_slices = len(passes[0][1])
    slices = np.linspace(0, all_slices - 1, min(all_slices, SAMPLED_SLICES)).astype(int)
    outside, readings = 0.0, 0
    error: Array | float = 0.0
    supposed: Array | float = 0.0
    for number, (sign, light) in enumerate(passes):
        for other, part in enumerate(parts):
            shared = len(part.light) == 1
            width = part.light.shape[-1]
            columns = sampled_columns(width)
            weights = np.ascontiguousarray((part.light if shared else part.light[batches])[..., columns])
            for s in slices:
                own = np.swapaxes(light[s], 0, 1) if shared else light[s]
                sums = product(own, weights[:, s])
                drawn = variance(chain.noise, own, weights[:, s]) / chain.repeats
                key = (chain.layer, number, other, s)
                z = chain.source.normals("judge", key, 0, len(batches), sums.shape[-1])
                read = sums + np.sqrt(drawn, dtype=sums.dtype) * z.reshape(sums.shape)
                outside += np.mean((read < adc.low - adc.step / 2) | (read > adc.high + adc.step / 2))
                readings += 1
                convert(read, adc)
                error = error + sign * part.sign * (read - sums)
                supposed = supposed + drawn + adc.step**2 / 12
    if outside > SATURATION_LIMIT * readings:
        return Verdict.SATURATES
    errors = np.asarray(error / np.sqrt(supposed))  # standard normal, if fast fidelity is right
    chance = 2 / np.sqrt(errors.size)  # what so small a sample may be off by
    more = all_slices / len(slices)  # errors add up at random over slices, a bias in step
    bias = abs(np.mean(errors))
    off = abs(np.var(errors) + more * bias**2 - 1) > ERROR_LIMIT + chance * np.sqrt(2)
    biased = np.sqrt(more) * max(bias - chance, 0) > np.sqrt(ERROR_LIMIT)
    return Verdict.COARSE if off or biased else Verdict.FAST


def sampled_columns(width: int) -> Array:
    """Columns of the sample, spread evenly."""
    return np.linspace(0, width - 1, min(width, SAMPLED_COLUMNS)).astype(int)


def sampled_rows(batch: int, rows: int) -> tuple[Array, Array]:
    """Batch entries and rows of the sample, spread evenly; they depend on the sizes only."""
    count = min(SAMPLED_ROWS, batch * rows)
    positions = np.linspace(0, batch * rows - 1, count).astype(int)
    return positions // rows, positions % rows
