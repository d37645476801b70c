"""The held operand: codes in weight tiles, and what the light really meets there.

Order of events on a tile: codes are written with an error (drawn once per write: keyed by layer, part, batch entry and
tile), then the router leaks between the outputs of the tile, and within a band (`heliograph.runtime.engines.beats`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from heliograph.ir.reference.converters import gain_offset, signs
from heliograph.ir.weights import Array
from heliograph.runtime.engines.beats import pair_weights
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import absolute_maximum, encode, extent
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.engines.random import NoiseSource
from heliograph.runtime.engines.setting import Set, Tiles, set_tiles
from heliograph.runtime.engines.stream import stream_key

_BLOCK = 1 << 16  # weights that are written at a time: they stay in a core's second-level cache


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

    def pieces(self) -> list[Piece]:
        """Whole parts."""
        return [Piece(part, 0, self.slices) for part in range(len(self.parts))]

    def write(self, piece: Piece) -> Written:
        """A part; code sums are those of all, with the first."""
        part = self.parts[piece.part]
        return Written(piece.part, 0, part.light, part.known, 0.0 if piece.part else self.code_sum, part.beat)

    @property
    def signs(self) -> tuple[int, ...]:
        """Of the parts."""
        return tuple(part.sign for part in self.parts)

    @property
    def entries(self) -> int:
        """Operands that differ."""
        return len(self.parts[0].light)

    @property
    def columns(self) -> int:
        """Of the operand."""
        return int(self.parts[0].light.shape[-1])

    @cached_property
    def scale_extent(self) -> tuple[float, float]:
        """See `extent`."""
        return extent(self.scale)


@dataclass(frozen=True)
class Written:
    """Some slices of a part, as the light meets them."""

    part: int
    first: int  # slice
    light: Array  # [B or 1, slices, tile_k, N]
    known: Array | None  # [B or 1, slices, N]
    code_sum: Array | float  # [B or 1, 1, N]
    beat: Array | None = None


class Piece(NamedTuple):
    """Some slices of a part, to be written."""

    part: int
    first: int
    slices: int


class WeightWriter:
    """Quantizes the weights w[B, K, N] of a call and writes them into tiles, some slices at a time."""

    def __init__(
        self,
        call: KernelCall,
        weights: Array,
        noise: NoiseModel,
        source: NoiseSource,
        tile_k: int,
        set_tiles: Set = set_tiles,
    ) -> None:
        self._batch, self.k, self.columns = weights.shape
        if self._batch > 1 and weights.strides[0] == 0:
            weights = weights[:1]
        self._call, self._weights, self._noise, self._source, self._tile_k = call, weights, noise, source, tile_k
        self._set = set_tiles
        self.scale = absolute_maximum(weights, call.spec.rhs, 1, call.name, "held values")
        self.slices = max(-(-self.k // tile_k), 1)
        self.signs = signs(call.spec.rhs)
        self.entries = self._batch if noise.weight_sigma else len(weights)  # errors are drawn for each entry

    def pieces(self) -> list[Piece]:
        """All slices of all parts, in order; they may be written in any, side by side."""
        count = max(_BLOCK // max(self.entries * self._tile_k * self.columns, 1), 1)
        return [
            Piece(part, first, min(count, self.slices - first))
            for part in range(len(self.signs))
            for first in range(0, self.slices, count)
        ]

    def held(self) -> SlicedWeights:
        """All of it in one piece."""
        made = [[self.write(p) for p in self.pieces() if p.part == part] for part in range(len(self.signs))]
        code_sum: Array | float = 0.0
        for piece in chain.from_iterable(made):
            code_sum = code_sum + piece.code_sum
        parts = []
        for sign, own in zip(self.signs, made, strict=True):
            light = np.concatenate([written.light for written in own], axis=1)
            parts.append(Part(sign, light, _joined([w.known for w in own]), _joined([w.beat for w in own])))
        size = sum(a.nbytes for p in parts for a in (p.light, p.known, p.beat) if a is not None)
        return SlicedWeights(tuple(parts), self.scale, code_sum, self.k, size)

    def write(self, piece: Piece) -> Written:
        """Quantize and write some slices."""
        part, first, count = piece.part, piece.first, piece.slices
        spec, noise, tile_k = self._call.spec, self._noise, self._tile_k
        rows = self._weights[:, first * tile_k : (first + count) * tile_k]
        codes = encode(rows, self.scale, spec.rhs, self.signs[part])
        lit = codes.shape[1]
        code_sum: Array | float = 0.0
        if gain_offset(spec.lhs)[1]:
            code_sum = self.signs[part] * codes.sum(axis=1, keepdims=True)
        if lit < count * tile_k:  # unused ports of the last slice
            codes = np.pad(codes, ((0, 0), (0, count * tile_k - lit), (0, 0)))
        written = codes.reshape(len(codes), count, tile_k, self.columns)
        known = written.sum(axis=2) if noise.extinction_floor else None
        light = written
        leak = np.asarray(noise.leak)[: spec.tile_n, : spec.tile_n] if np.any(noise.leak) else None
        if noise.weight_sigma or leak is not None:
            key = stream_key(self._source.seed, f"weight/{part}", self._call.layer)
            light = self._set(Tiles(key, self._batch, first, self.slices, noise.weight_sigma, leak), written)
            light.reshape(len(light), count * tile_k, self.columns)[:, lit:] = 0
        beat = None
        if noise.beat:
            beat = pair_weights(written, np.asarray(noise.beat, codes.dtype), spec.tile_n, self._source)
        return Written(part, first, light, known, code_sum, beat)


def _joined(arrays: Sequence[Array | None]) -> Array | None:
    """Along the slices; None where there are none."""
    there = [array for array in arrays if array is not None]
    return np.concatenate(there, axis=1) if there else None
