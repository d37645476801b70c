"""Whether fast fidelity may stand for exact: simulates a few outputs exactly and looks at their errors.

Fast fidelity takes the ADC's error for uniform noise of variance step^2 / 12, independent of light noise and from slice
to slice. That is wrong where the ADC saturates, and where its steps are coarse against what it reads: sums below half a
step all read as zero, so that noise on dark outputs vanishes and weak signals are lost together.

It also takes the variance of light noise from sums over groups of ports (`grouped`). That is wrong where strong light
goes to strong weights; then the variance is computed from all products.

The verdict depends on the operands, the noise and the ADC: the numbers drawn here are the same for every call and seed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import NamedTuple

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.call import EngineStats
from heliograph.runtime.engines.detect import Chain
from heliograph.runtime.engines.grouped import features, grouped_variance
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.engines.random import NoiseSource
from heliograph.runtime.engines.sample import Cut, WeightSample

SATURATION_LIMIT = 1e-3  # share of partial sums beyond the ADC's range
ERROR_LIMIT = 0.1  # how far the mean square error of outputs may be from the supposed one, as a share of it
SILENCE = 1e-30  # variance that makes no difference, but is not zero
GROUPING_LIMIT = 0.03  # rms of the relative error of an output's standard deviation


class Verdict(Enum):
    """What the sample says."""

    FAST = "fast"
    UNEVEN = "fast, with the variance of all products"
    SATURATES = "saturates"
    COARSE = "coarse"

    @property
    def is_fast(self) -> bool:
        """Whether one draw per output will do."""
        return self in (Verdict.FAST, Verdict.UNEVEN)

    def count(self, stats: EngineStats, layer: int) -> None:
        """Take it into the counters."""
        stats.exact_for_saturation += self is Verdict.SATURATES
        stats.exact_for_coarse_steps += self is Verdict.COARSE
        if not self.is_fast:
            stats.layers_exact.add(layer)


def judge_reading(chain: Chain, sample: WeightSample, codes: Array, passes: tuple[int, ...]) -> Verdict:
    """Whether the ADC's errors are as supposed; `codes` [slices, E, passes * rows, ports] meet `sample.read`."""
    adc, light = chain.adc, _light(codes, chain.noise)
    # in steps of the ADC, as all that follows
    drawn = _variance(chain.noise, light, sample.read.weights, 1 / (chain.repeats * adc.step**2))
    sums = np.matmul(light, sample.read.weights * codes.dtype.type(1 / adc.step))
    light_noise = np.sqrt(drawn)
    light_noise *= _normals(sums.shape, len(passes))
    read = light_noise + sums
    low, high = adc.low / adc.step, adc.high / adc.step
    outside = 0
    if read.min() < low or read.max() > high:
        outside = int(np.count_nonzero((read < low - 0.5) | (read > high + 0.5)))
        np.clip(read, low, high, out=read)
    np.rint(read, out=read)
    read -= sums
    error = _together(read.sum(axis=0), passes, sample.signs)
    read -= light_noise
    rounding = _together(read.sum(axis=0), passes, sample.signs)
    drawn = _together(drawn.sum(axis=0), (1,) * len(passes), (1,) * len(sample.signs))
    supposed = np.sqrt(drawn + readings(sample.read, len(passes), sample) / 12)
    errors = (error / supposed).ravel()
    found = Errors(
        errors.size,
        outside / read.size,
        float(errors.mean()),
        float(errors @ errors) / errors.size,
        float((rounding / supposed).mean()),
    )
    return found.verdict(sample)


def readings(cut: Cut, passes: int, sample: WeightSample) -> int:
    """Detections of an output of a cut."""
    return len(cut.weights) * passes * len(sample.signs)


class Errors(NamedTuple):
    """Errors of sampled outputs as shares of their supposed deviations: standard normal, if fast fidelity is right."""

    outputs: int
    outside: float  # share of detections beyond the range of the ADC
    mean: float
    square: float  # mean of squares
    rounding: float  # mean of the errors of the ADC alone

    def verdict(self, sample: WeightSample) -> Verdict:
        """Whether they are that."""
        if self.outside > SATURATION_LIMIT:
            return Verdict.SATURATES
        chance = 2 / math.sqrt(self.outputs)  # what so small a sample may be off by
        more = sample.slices / len(sample.read.weights)  # errors add up at random over slices, a bias in step
        bias = abs(self.rounding)  # that of the ADC: light noise has none
        off = abs(self.square - self.mean**2 + more * bias**2 - 1) > ERROR_LIMIT + chance * math.sqrt(2)
        biased = math.sqrt(more) * max(bias - chance, 0) > math.sqrt(ERROR_LIMIT)
        return Verdict.COARSE if off or biased else Verdict.FAST


def judge_grouping(chain: Chain, sample: WeightSample, codes: Array, passes: int) -> Verdict:
    """Whether groups give the variance; `codes` [slices, E, passes * rows, ports] meet `sample.grouped`."""
    noise, cut = chain.noise, sample.grouped
    _, entries, rows, _ = codes.shape
    count = readings(cut, passes, sample)
    own = features(codes, cut.lit, noise.extinction_floor)
    own = own.reshape(entries, passes, rows // passes, *own.shape[2:]).sum(axis=1)
    supposed = grouped_variance(own, sample.features) + count * noise.c0
    true = _variance(noise, _light(codes, noise), cut.weights).sum(axis=0)
    drawn = _together(true, (1,) * passes, (1,) * len(sample.signs))
    rest = count * chain.adc.step**2 / 12 * chain.repeats + SILENCE
    off = np.sqrt((supposed + rest) / (drawn + rest)).ravel() - 1
    return grouping_verdict(float(off @ off) / off.size)


def grouping_verdict(square: float) -> Verdict:
    """What the mean square error of standard deviations from groups, as shares of them, tells."""
    return Verdict.FAST if square <= GROUPING_LIMIT**2 else Verdict.UNEVEN


def _together(each: Array, passes: Sequence[int], parts: Sequence[int]) -> Array:
    """Signed sum over passes and parts of [E, passes * rows, parts * columns]."""
    rows, columns = each.shape[1] // len(passes), each.shape[2] // len(parts)
    total = each[:, :rows, :columns] * (passes[0] * parts[0])
    for i, sign in enumerate(passes):
        for j, other in enumerate(parts):
            if i or j:
                total += sign * other * each[:, i * rows : (i + 1) * rows, j * columns : (j + 1) * columns]
    return total


def _light(codes: Array, noise: NoiseModel) -> Array:
    floor = noise.extinction_floor
    result: Array = codes * codes.dtype.type(1 - floor) + codes.dtype.type(floor) if floor else codes
    return result


def _variance(noise: NoiseModel, light: Array, weights: Array, factor: float = 1.0) -> Array:
    """`noise.variance` of all slices at once, times a factor: [slices, E, rows, columns]."""
    result: Array
    if noise.c1 or noise.c2:
        total: Array = np.matmul(np.abs(light), np.abs(weights))
        result = total * (noise.c2 * factor)
        result += noise.c1 * factor
        result *= total
        result += noise.c0 * factor
    else:
        result = np.full((*light.shape[:-1], weights.shape[-1]), noise.c0 * factor, light.dtype)
    if noise.c3:
        squares = np.matmul(np.square(light), np.square(weights))
        squares *= noise.c3 * factor
        result += squares
    if noise.c3 < 0:
        np.maximum(result, 0, out=result)
    return result


@cache
def normal_table() -> Array:
    """Standard normal numbers, always the same: enough for all detections of a sample, and a vector."""
    drawn: Array = NoiseSource(0).normals("judge", (), 0, 1, 1 << 16)[0]
    return drawn


def _normals(shape: tuple[int, ...], passes: int) -> Array:
    """Those of detections [slices, E, passes * rows, columns]; rows are next to each other in the table."""
    slices, entries, rows, columns = shape
    table = normal_table()[: math.prod(shape)].reshape(slices, entries, passes, columns, rows // passes)
    return table.swapaxes(3, 4).reshape(shape)
