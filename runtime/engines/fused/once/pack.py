"""A held operand as the kernel of fast fidelity reads it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import gain_offset, signs
from heliograph.ir.weights import Array
from heliograph.runtime.engines.fused.lanes import LANES
from heliograph.runtime.engines.fused.memory import aligned
from heliograph.runtime.engines.fused.once.shape import BIAS, ROW, TILINGS, OnceShape
from heliograph.runtime.engines.fused.once.units import Element, OnceUnits
from heliograph.runtime.engines.fused.pack import PackedWeights
from heliograph.runtime.engines.grouped import weight_features
from heliograph.runtime.engines.held import SlicedWeights
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.engines.sample import WeightSample, sample_weights

_TYPES = {Element.INT8: np.int8, Element.INT16: np.int16, Element.FLOAT: np.float32}


@dataclass(frozen=True)
class OnceWeights:
    """Weights of all parts in one, and what the variance knows of them."""

    sliced: PackedWeights  # for calls that are simulated slice by slice
    sample: WeightSample
    units: OnceUnits
    panels: Array  # [B or 1, blocks * words * 16] words of 32 bits, in the order of `shape.POINTERS`
    features: Array  # float32 [B or 1, blocks * features * 16], likewise
    starts: Array  # int32 [B or 1, chunks, blocks * 16]
    offsets: Array  # float32 [B or 1, blocks * 16], in units of codes
    width: int  # numbers of a row of light

    @property
    def padded_columns(self) -> int:
        """Columns of all blocks of 16."""
        return int(self.offsets.shape[1])

    @property
    def nbytes(self) -> int:
        """Memory of all arrays."""
        own = sum(a.nbytes for a in (self.panels, self.features, self.starts, self.offsets))
        return self.sliced.nbytes + self.sample.nbytes + own


def signed_weights(held: SlicedWeights) -> Array:
    """Weights of all parts in one [B or 1, k, N]."""
    total: Array | int = 0
    for part in held.parts:
        entries, slices, ports, columns = part.light.shape
        total = total + part.sign * part.light.reshape(entries, slices * ports, columns)[:, : held.k]
    return np.asarray(total)


def pack_once(
    held: SlicedWeights,
    written: Array,
    sliced: PackedWeights,
    call: tuple[KernelSpec, NoiseModel],
    shape: OnceShape,
    units: OnceUnits,
) -> OnceWeights:
    """Lay out weights that numpy wrote; `written`: their `signed_weights`."""
    spec, noise = call
    vectors = TILINGS[shape.isa].vectors
    width, columns = -(-held.k // ROW) * ROW, written.shape[2]
    numbers = np.zeros((len(written), width, -(-columns // LANES) * LANES), np.float32)
    np.multiply(written, np.float32(units.weight), out=numbers[:, : held.k, :columns])
    if shape.element is not Element.FLOAT:
        np.rint(numbers, out=numbers)
    starts = np.zeros((len(numbers), 1, 1), np.int32)
    if shape.biased:
        ports = units.chunk * shape.element.per_word
        starts = -BIAS * np.add.reduceat(numbers, np.arange(0, width, ports), axis=1).astype(np.int32)
    floor = noise.extinction_floor
    (gx, _), (gw, _) = gain_offset(spec.lhs), gain_offset(spec.rhs)
    offsets = np.zeros((len(written), numbers.shape[2]), np.float32) + sliced.offsets
    offsets[:, :columns] += sum(signs(spec.lhs)) * gx * gw * floor / (1 - floor) * written.sum(axis=1)
    return OnceWeights(
        sliced,
        sample_weights(held, noise),
        units,
        _panels(numbers, shape.element, vectors),
        _panels(_features(held, spec, noise, shape, units), Element.FLOAT, vectors),
        starts,
        offsets,
        width,
    )


def _features(held: SlicedWeights, spec: KernelSpec, noise: NoiseModel, shape: OnceShape, units: OnceUnits) -> Array:
    """Features of the weights times all that multiplies them [B, groups * features, blocks * 16]."""
    (gx, _), (gw, _) = gain_offset(spec.lhs), gain_offset(spec.rhs)
    factor = (gx * gw / (1 - noise.extinction_floor)) ** 2 / spec.adc.repeats
    own = weight_features(noise, held.parts, held.k) * (factor / units.light ** np.array([1, 2, 2]))
    wanted = own[..., list(shape.terms)]
    entries, columns = wanted.shape[:2]
    result = np.zeros((entries, wanted.shape[2] * shape.features, -(-columns // LANES) * LANES), np.float32)
    result[:, :, :columns] = wanted.reshape(entries, columns, result.shape[1]).swapaxes(1, 2)
    return result


def _panels(numbers: Array, element: Element, vectors: int) -> Array:
    """[B, K, blocks * 16] as [B, panels, words, vectors, 16, per word], then as [B, blocks left, words, 16, per word],
    in one row per entry."""
    entries, height, columns = numbers.shape
    group, words, blocks = element.per_word, height // element.per_word, columns // LANES
    whole = blocks // vectors * vectors
    result = aligned((entries, height * columns), np.dtype(_TYPES[element]))
    grouped = numbers.reshape(entries, words, group, blocks, LANES)
    for first, last, wide in ((0, whole, vectors), (whole, blocks, 1)):
        count = (last - first) // wide
        piece = grouped[:, :, :, first:last].reshape(entries, words, group, count, wide, LANES)
        out = result[:, first * LANES * height : last * LANES * height]
        out = out.reshape(entries, count, words, wide, LANES, group, copy=False)
        out[...] = piece.transpose(0, 3, 1, 4, 5, 2)
    return result
