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

READ_ROWS, READ_COLUMNS, READ_SLICES = 16, 64, 8  # outputs whose detections are simulated
GROUP_ROWS, GROUP_COLUMNS, GROUPS = 4, 16, 4  # outputs whose variance is computed twice
_GOLDEN = (5**0.5 - 1) / 2  # its multiples, modulo 1, are spread evenly and in no order
_ENTRIES = 8  # batch entries with weights of their own


@dataclass(frozen=True)
class Cut:
    """Weights of some columns and slices; those of several signs side by side."""

    ports: Array  # positions within the contracted axis, those of a slice next to each other
    lit: int  # how many of them belong to the operand; the others have weights of zero
    weights: Array  # [slices, E, ports, signs * columns]
    sizes: Array  # their magnitudes
    squares: Array


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
        return 3 * (self.read.weights.nbytes + self.grouped.weights.nbytes)


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
        weight_features(noise, parts, grouped.lit),
        slices,
    )


def _cut(held: SlicedWeights, entries: Array, slices: Array, columns: Array) -> tuple[Cut, list[Part]]:
    ports = np.arange(held.parts[0].light.shape[2])
    positions = (slices[:, None] * len(ports) + ports).ravel()
    parts = [replace(p, light=p.light[np.ix_(entries, slices, ports, columns)], known=None) for p in held.parts]
    weights = np.concatenate([part.light.swapaxes(0, 1) for part in parts], axis=3)
    lit = int(np.count_nonzero(positions < held.k))
    ports = np.minimum(positions, max(held.k - 1, 0))
    return Cut(ports, lit, weights, np.abs(weights), np.square(weights)), parts


def sample_rows(call: KernelCall, inputs: Streamed, sample: WeightSample) -> tuple[Array, Array]:
    """About `READ_ROWS` rows [E, rows, k] of a streamed operand, and their full scale."""
    batch, height, k = inputs.shape
    if sample.entries is None:
        positions = _spread(batch * height, READ_ROWS)[None]
        entries, own = positions // height, positions % height
    else:
        count = len(sample.entries)
        own = np.tile(_spread(height, READ_ROWS // count), (count, 1))
        entries = np.broadcast_to(sample.entries[:, None], own.shape)
    values = inputs.pick(entries.ravel(), own.ravel()).reshape(*own.shape, k)
    return values, _scale(call, inputs, values)


def sample_codes(
    call: KernelCall, noise: NoiseModel, values: Array, scale: Array, sample: WeightSample
) -> tuple[Array, Array]:
    """Codes [slices, E, passes * rows, ports] of sampled rows: of all for `read`, of a few for `grouped`."""
    entries, rows, _ = values.shape
    few = np.ix_(np.arange(entries), _spread(rows, max(GROUP_ROWS // entries, 1)), sample.grouped.ports)
    parts = values[..., sample.read.ports], values[few]
    both = np.concatenate([part.ravel() for part in parts])
    if scale.size > 1:
        scale = np.concatenate(
            [np.repeat(scale, parts[0].shape[2]), np.repeat(scale[:, few[1][0, :, 0]], parts[1].shape[2])]
        )
    # the second pass of two is that of the negative numbers
    passes = np.stack([sign * both for sign in signs(call.spec.lhs)])
    codes = modulate(passes, scale.ravel(), call.spec.lhs, 1, noise)
    size = parts[0].size
    return _by_slices(codes[:, :size], parts[0], sample.read), _by_slices(codes[:, size:], parts[1], sample.grouped)


def _by_slices(codes: Array, values: Array, cut: Cut) -> Array:
    """Codes [passes, values of a cut] as [slices, E, passes * rows, ports]."""
    slices, _, ports, _ = cut.weights.shape
    entries, rows, _ = values.shape
    passes = codes.reshape(len(codes), entries, rows, slices, ports)
    return passes.transpose(3, 1, 0, 2, 4).reshape(slices, entries, len(codes) * rows, ports)


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
