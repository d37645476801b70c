"""The noise of one detection, as the engines need it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.weights import Array

if TYPE_CHECKING:
    from heliograph.backends import Target


class NoiseModel(Protocol):
    """What `heliograph.backends.SliceNoise` says of one partial sum, in units of codes; see there for each term."""

    @property
    def c0(self) -> float:
        """Constant variance."""

    @property
    def c1(self) -> float:
        """Variance per total."""

    @property
    def c2(self) -> float:
        """Variance per total squared."""

    @property
    def c3(self) -> float:
        """Variance per sum of squares; at least -c2."""

    @property
    def extinction_floor(self) -> float:
        """Light of an input of zero."""

    @property
    def leak(self) -> Sequence[Sequence[float]]:
        """Share of output q' that arrives at output q."""

    @property
    def weight_sigma(self) -> float:
        """Rms error of a written weight."""

    @property
    def isi(self) -> float:
        """Share of the previous symbol left in this one."""

    @property
    def beat(self) -> Sequence[Sequence[float]]:
        """Amplitude of the static beat of two inputs in one band; empty: none."""

    @property
    def modulator(self) -> str:
        """How modulators are driven: "ideal", "predistorted" or "sine"; see `heliograph.runtime.engines.modulator`."""

    @property
    def modulator_power(self) -> int:
        """2 where light is an intensity, 1 where it is a field."""


@dataclass(frozen=True)
class Noise:
    """A `NoiseModel` by value; the default is silence."""

    c0: float = 0.0
    c1: float = 0.0
    c2: float = 0.0
    c3: float = 0.0
    extinction_floor: float = 0.0
    leak: Sequence[Sequence[float]] = ()
    weight_sigma: float = 0.0
    isi: float = 0.0
    beat: Sequence[Sequence[float]] = ()
    modulator: str = "ideal"
    modulator_power: int = 2


_BLAS_COLUMNS = 8
QUIET = Noise()
NoiseOf = Callable[[KernelSpec], NoiseModel]  # depends on the kernel: number formats and rails


def is_drawn(noise: NoiseModel) -> bool:
    """Whether anything is drawn per symbol."""
    return any((noise.c0, noise.c1, noise.c2, noise.c3))


def has_real_weights(noise: NoiseModel) -> bool:
    """Whether the weights that light meets are no whole numbers of levels."""
    return noise.weight_sigma > 0 or bool(np.any(noise.leak))


def product(light: Array, weights: Array, out: Array | None = None) -> Array:
    """``light @ weights`` over the ports of one slice, the same whatever rows are computed together.

    BLAS adds up few ports in one order for any number of rows, except where the product has so few columns that it
    takes another routine; those are added up here.
    """
    if weights.shape[-1] >= _BLAS_COLUMNS:
        result: Array = np.matmul(light, weights, out=out)
        return result
    shape = np.broadcast_shapes(light.shape[:-1], (*weights.shape[:-2], 1))
    total = out if out is not None else np.empty((*shape, weights.shape[-1]), light.dtype)
    total[...] = 0
    for p in range(light.shape[-1]):
        total += light[..., p, None] * weights[..., p, None, :]
    return total


def variance(noise: NoiseModel, light: Array, weights: Array) -> Array | float:
    """Variance of partial sums ``light @ weights`` of one slice: c0 + c1 total + c2 total^2 + c3 sumsq.

    Never negative: c3 may be as low as -c2, and total^2 >= sumsq but for rounding.
    """
    result: Array | float = noise.c0
    if noise.c1 or noise.c2:
        total: Array = product(np.abs(light), np.abs(weights))
        result = result + total * (noise.c1 + noise.c2 * total)
    if noise.c3:
        result = result + noise.c3 * product(np.square(light), np.square(weights))
    return np.maximum(result, 0) if noise.c3 < 0 else result


def target_noise(target: str | Target) -> NoiseOf:
    """Noise of a target's hardware for any kernel. Raises HeliographError for an unknown target."""
    from heliograph.backends import kernel_precision, load_target, slice_noise

    target = load_target(target) if isinstance(target, str) else target

    @cache
    def noise_of(spec: KernelSpec) -> NoiseModel:
        return slice_noise(target, kernel_precision(target, spec))

    return noise_of
