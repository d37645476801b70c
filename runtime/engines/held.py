"""The held operand: codes in weight tiles, and what the light really meets there.

Order of events on a tile: codes are written with an error (drawn once per write: keyed by layer, part, batch entry and
tile), then the router leaks between the outputs of the tile, and within a band (`heliograph.runtime.engines.beats`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from heliograph.ir.reference.converters import gain_offset, signs
from heliograph.ir.weights import Array
from heliograph.runtime.engines.beats import pair_weights
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import absolute_maximum, encode, extent
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.engines.random import NoiseSource


@dataclass(frozen=True)
class Part:
    """Weights of one sign (all of them, unless the scheme is "two-pass")."""

    sign: int
    light: Array  # [B or 1, slices, tile_k, N]: what multiplies the light
    known: Array | None  # [B or 1, slices, N]: sum of written codes per slice, where inputs have a floor
    beat: Array | None = None  # [B or 1, slices, pairs of ports, N]: what multiplies roots of products of light


@dataclass(frozen=True)
class SlicedWeights:
    """The operand in slices of tile_k ports; unused ports of the last slice are dark."""

    parts: tuple[Part, ...]
    scale: Array  # [B or 1, 1, N or 1]
    code_sum: Array | float  # [B or 1, 1, N]: sum of signed codes over all k, where the input scheme needs it
    k: int
    nbytes: int

    @property
    def slices(self) -> int:
        """Slices of the contracted axis."""
        return int(self.parts[0].light.shape[1])

    @cached_property
    def scale_extent(self) -> tuple[float, float]:
        """See `extent`."""
        return extent(self.scale)


def hold_weights(
    call: KernelCall, weights: Array, noise: NoiseModel, source: NoiseSource, tile_k: int
) -> SlicedWeights:
    """Quantize and write the weights w[B, K, N] of a call."""
    spec = call.spec
    batch, k, columns = weights.shape
    if batch > 1 and weights.strides[0] == 0:
        weights = weights[:1]
    scale = absolute_maximum(weights, spec.rhs, 1, call.name, "held values")
    slices = max(-(-k // tile_k), 1)
    parts = []
    code_sum: Array | float = 0.0
    for number, sign in enumerate(signs(spec.rhs)):
        codes = encode(weights, scale, spec.rhs, sign)
        if gain_offset(spec.lhs)[1]:
            code_sum = code_sum + sign * codes.sum(axis=1, keepdims=True)
        tiles = np.zeros((len(codes), slices * tile_k, columns), codes.dtype)
        tiles[:, :k] = codes
        written = tiles.reshape(len(codes), slices, tile_k, columns)
        light = written
        if noise.weight_sigma:
            light = _with_setting_error(light, batch, noise.weight_sigma, source, (call.layer, number))
            light.reshape(batch, slices * tile_k, columns)[:, k:] = 0
        if np.any(noise.leak):
            light = _with_leak(light, np.asarray(noise.leak, codes.dtype), spec.tile_n)
        known = written.sum(axis=2) if noise.extinction_floor else None
        beat = None
        if noise.beat:
            beat = pair_weights(written, np.asarray(noise.beat, codes.dtype), spec.tile_n, source)
        parts.append(Part(sign, light, known, beat))
    size = sum(a.nbytes for p in parts for a in (p.light, p.known, p.beat) if a is not None)
    return SlicedWeights(tuple(parts), scale, code_sum, k, size)


def _with_setting_error(tiles: Array, batch: int, sigma: float, source: NoiseSource, key: tuple[int, int]) -> Array:
    """Every batch entry is written by itself, so each gets errors of its own even where the codes are shared."""
    _, slices, tile_k, columns = tiles.shape
    result = np.empty((batch, slices, tile_k, columns), tiles.dtype)
    for s in range(slices):
        errors = source.normals("weight", (*key, s), 0, batch * tile_k, columns)
        np.multiply(errors.reshape(batch, tile_k, columns), tiles.dtype.type(sigma), out=result[:, s])
    result += tiles
    return result


def _with_leak(tiles: Array, leak: Array, tile_n: int) -> Array:
    """Add ``leak[q][q'] * w[p][q']`` to ``w[p][q]`` within each tile of outputs."""
    result = tiles.copy()
    for first in range(0, tiles.shape[-1], tile_n):
        tile = tiles[..., first : first + tile_n]
        width = tile.shape[-1]
        result[..., first : first + tile_n] += tile @ leak[:width, :width].T
    return result
