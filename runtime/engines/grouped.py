"""The variance of an output from sums over groups of ports, instead of from all products.

Fast fidelity needs the variance that all slices of an output have together: ``sum_s c0 + c1 T + c2 T^2 + c3 Q`` with
T = sum_p |t_p| |w_p| and Q = sum_p t_p^2 w_p^2 over the ports of slice s. T^2 is Q plus products of pairs of ports, so
it takes three sums of products of something of the light with something of the weights:

    sum_p |t_p| |w_p|       sum_{p != p'} |t_p t_p'| |w_p w_p'|       sum_p t_p^2 w_p^2

Within a group of neighbouring slices, the mean of each product is taken for the product of the means: exact where
light and weights are not related within a group, and off by chance else, the less the more ports there are. All three
have weights of at least zero (c3 >= -c2), so no variance is negative.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.held import Part
from heliograph.runtime.engines.noise import NoiseModel

GROUP_PORTS = 256
TERMS = 3


def group_slices(ports: int) -> int:
    """Slices of a group."""
    return max(1, GROUP_PORTS // ports)


def features(codes: Array, k: int, floor: float = 0.0) -> Array:
    """Sums, sums over pairs and sums of squares [..., groups, 3] of magnitudes of light, within groups.

    codes: [slices, ..., ports]; light of `floor` comes from every port, as the extinction of modulators has it. Ports
    from `k` on belong to no operand and count as dark.
    """
    slices, ports = len(codes), codes.shape[-1]
    sizes = np.abs(codes)
    if floor:
        sizes *= codes.dtype.type(1 - floor)
        sizes += codes.dtype.type(floor)
    if k < slices * ports:
        sizes[-1, ..., k - slices * ports :] = 0
    ones = np.ones(ports, sizes.dtype)
    sums, squares = sizes @ ones, np.square(sizes) @ ones  # BLAS, since slices are short
    each = np.stack([sums, np.square(sums) - squares, squares], axis=-1)  # [slices, ..., 3]
    return np.moveaxis(np.add.reduceat(each, _starts(slices, ports), axis=0), 0, -2)


def weight_features(noise: NoiseModel, parts: Sequence[Part], k: int) -> Array:
    """Features of all parts of an operand times the coefficients of the variance of light [B or 1, N, groups, 3]."""
    _, slices, ports, _ = parts[0].light.shape
    own = sum(features(part.light.transpose(1, 0, 3, 2), k) for part in parts)
    result: Array = (own * _coefficients(noise, slices, ports, k)).astype(parts[0].light.dtype)
    return result


def grouped_variance(light: Array, weights: Array) -> Array:
    """Variance [..., M, N] of all slices but for c0, from `features` [..., M, groups, 3] of light and from
    `weight_features` [..., N, groups, 3]."""
    flat_light, flat_weights = (a.reshape(*a.shape[:-2], -1) for a in (light, weights))
    product: Array = np.matmul(flat_light, np.swapaxes(flat_weights, -1, -2))
    return product


def _coefficients(noise: NoiseModel, slices: int, ports: int, k: int) -> Array:
    lit = np.full(slices, ports, float)
    lit[-1] -= slices * ports - k
    starts = _starts(slices, ports)
    count = np.maximum(np.add.reduceat(lit, starts), 1)
    pairs = np.maximum(np.add.reduceat(lit * (lit - 1), starts), 1)
    return np.stack([noise.c1 / count, noise.c2 / pairs, max(noise.c2 + noise.c3, 0) / count], axis=-1)


def _starts(slices: int, ports: int) -> Array:
    return np.arange(0, slices, group_slices(ports))
