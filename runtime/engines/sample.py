"""A few rows, columns and slices of a call, from which `suits` judges the whole. They depend on sizes only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from heliograph.ir.reference.converters import lhs_full_scale, signs
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import not_finite, streamed_maximum
from heliograph.runtime.engines.grouped import group_slices, weight_features
from heliograph.runtime.engines.held import Part, SlicedWeights
from heliograph.runtime.engines.modulator import modulate
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.windows import Streamed

ROWS = 16  # looked at
READ_COLUMNS, READ_SLICES = 64, 8  # outputs whose detections are simulated
GROUP_COLUMNS, GROUPS = 4, 4  # outputs whose variance is computed twice
_GOLDEN = (5**0.5 - 1) / 2  # its multiples, modulo 1, are spread evenly and in no order
_ENTRIES = 8  # batch entries with weights of their own


@dataclass(frozen=True)
class Cut:
    """Weights of some columns and slices; those of several signs side by side."""

    ports: Array  # positions within the contracted axis, those of a slice next to each other
    lit: int  # how many of them belong to the operand; the others, the last ones, have weights of zero
    weights: Array  # [slices, E, ports, signs * columns]


@dataclass(frozen=True)
class WeightSample:
    """What is kept of a held operand to judge its calls by."""

    entries: Array | None  # batch entries [E]; None where they share their weights, and E is 1
    signs: tuple[int, ...]
    read: Cut
    grouped: Cut
    features: Array  # of `grouped`: `weight_features` of all signs [E, columns, groups, 3]
    slices: int  # of the operand

    @property
    def nbytes(self) -> int:
        """Memory of the weights."""
        return self.read.weights.nbytes + self.grouped.weights.nbytes


def sample_weights(held: SlicedWeights, noise: NoiseModel) -> WeightSample:
    """Choose the sample of a held operand, and copy it."""
    count, slices, ports, columns = held.parts[0].light.shape
    entries = _spread(count, _ENTRIES)
    size = group_slices(ports)
    groups = _spread(-(-slices // size), GROUPS)
    whole = (groups[:, None] * size + np.arange(size)).ravel()
    grouped, parts = _cut(held, entries, whole[whole < slices], _spread(columns, GROUP_COLUMNS))
    return WeightSample(
        entries if count > 1 else None,
        tuple(part.sign for part in held.parts),
        _cut(held, entries, _spread(slices, READ_SLICES), _spread(columns, READ_COLUMNS))[0],
        grouped,
        np.ascontiguousarray(weight_features(noise, parts, grouped.lit)),
        slices,
    )


def _cut(held: SlicedWeights, entries: Array, slices: Array, columns: Array) -> tuple[Cut, list[Part]]:
    ports = np.arange(held.parts[0].light.shape[2])
    positions = (slices[:, None] * len(ports) + ports).ravel()
    parts = [replace(p, light=p.light[np.ix_(entries, slices, ports, columns)], known=None) for p in held.parts]
    weights = np.ascontiguousarray(np.concatenate([part.light.swapaxes(0, 1) for part in parts], axis=3))
    lit = int(np.count_nonzero(positions < held.k))
    return Cut(np.minimum(positions, max(held.k - 1, 0)), lit, weights), parts


def sample_positions(inputs: Streamed, sample: WeightSample) -> tuple[Array, Array]:
    """Entries and rows [E, rows] of at most `ROWS` of a streamed operand."""
    batch, height, _ = inputs.shape
    if sample.entries is None:
        positions = _spread(batch * height, ROWS)[None]
        return positions // height, positions % height
    own = np.tile(_spread(height, ROWS // len(sample.entries)), (len(sample.entries), 1))
    return np.broadcast_to(sample.entries[:, None], own.shape), own


def sample_rows(call: KernelCall, inputs: Streamed, sample: WeightSample) -> tuple[Array, Array]:
    """The rows [E, rows, k], and their full scale."""
    entries, own = sample_positions(inputs, sample)
    values = inputs.pick(entries.ravel(), own.ravel()).reshape(*own.shape, inputs.shape[2])
    return values, _scale(call, inputs, values)


def sample_codes(
    call: KernelCall, noise: NoiseModel, values: Array, scale: Array, sample: WeightSample
) -> tuple[Array, Array]:
    """Codes [slices, E, passes * rows, ports] of the rows for both cuts."""
    ports = np.concatenate([sample.read.ports, sample.grouped.ports])
    # the second pass of two is that of the negative numbers
    passes = np.stack([sign * values[..., ports] for sign in signs(call.spec.lhs)])
    codes = modulate(passes, scale, call.spec.lhs, 1, noise)
    read, grouped = np.split(codes, [len(sample.read.ports)], axis=3)
    return _by_slices(read, sample.read), _by_slices(grouped, sample.grouped)


def _by_slices(codes: Array, cut: Cut) -> Array:
    """Codes [passes, E, rows, ports of a cut] as [slices, E, passes * rows, ports]."""
    passes, entries, rows, _ = codes.shape
    slices, _, ports, _ = cut.weights.shape
    turned = codes.reshape(passes, entries, rows, slices, ports).transpose(3, 1, 0, 2, 4)
    return turned.reshape(slices, entries, passes * rows, ports)


def _scale(call: KernelCall, inputs: Streamed, values: Array) -> Array:
    """Full scale of sampled rows [E, rows, k]."""
    quant = call.spec.lhs
    static = lhs_full_scale(quant, call.lhs_scale)
    if static is not None:
        return np.full((1, 1, 1), static, work_dtype(inputs.dtype))
    if quant.axis == "tensor":
        return streamed_maximum(inputs, quant, call.name)
    scale: Array = np.abs(values).max(axis=2, keepdims=True).astype(work_dtype(inputs.dtype))
    if not np.isfinite(scale).all():
        raise not_finite(inputs, call.name)
    return scale


@lru_cache(maxsize=256)
def _spread(count: int, most: int) -> Array:
    """At most `most` positions below `count`: one in each of as many equal parts, at no constant distance.

    A constant distance may be that of something in the operand, as of the rows of a picture.
    """
    parts = np.arange(min(count, most) + 1) * count // max(min(count, most), 1)
    shares = np.arange(1, len(parts)) * _GOLDEN % 1
    found: Array = parts[:-1] + (shares * np.diff(parts)).astype(int)
    found.flags.writeable = False
    return found
