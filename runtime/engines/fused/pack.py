"""Weights in the order in which the kernel reads them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import gain_offset, signs
from heliograph.ir.weights import Array
from heliograph.runtime.engines.coding import extent
from heliograph.runtime.engines.fused.lanes import LANES
from heliograph.runtime.engines.fused.memory import aligned
from heliograph.runtime.engines.fused.units import Units
from heliograph.runtime.engines.held import SlicedWeights
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.engines.suits import sampled_columns


@dataclass(frozen=True, eq=False)
class PackedWeights:
    """A held operand as the kernel wants it. Column blocks of 16; unused columns are dark."""

    units: Units
    panels: Array  # [B or 1, blocks, parts, kinds, slices, ports, 16], int16 in pairs of ports: [..., ports / 2, 16, 2]
    scales: Array  # float32 [B or 1, blocks * 16]
    offsets: Array  # float32 [B or 1, blocks * 16], in units of codes
    columns: int
    slices: int
    parts: int
    sample: SlicedWeights | None  # some columns as numpy has them, to judge whether fast fidelity suits

    @cached_property
    def scale_extent(self) -> tuple[float, float]:
        """See `extent`."""
        return extent(self.scales)

    @property
    def nbytes(self) -> int:
        """Memory of all arrays."""
        sample = self.sample.nbytes if self.sample else 0
        return self.panels.nbytes + self.scales.nbytes + self.offsets.nbytes + sample


def pack(
    held: SlicedWeights, spec: KernelSpec, noise: NoiseModel, units: Units, *, sumsq: bool, sampled: bool
) -> PackedWeights:
    """Lay out weights that numpy wrote; `sumsq`: their squares as well; `sampled`: keep a sample."""
    first = held.parts[0].light
    entries, slices, ports, columns = first.shape
    blocks = -(-columns // LANES)
    kind = np.int16 if units.integers else np.float32
    panels = aligned((entries, blocks, len(held.parts), 1 + sumsq, slices, ports, LANES), np.dtype(kind))
    for number, part in enumerate(held.parts):
        scaled = [part.light * np.float32(units.weight)]
        if sumsq:
            scaled.append(np.square(part.light) * np.float32(units.weight_square))
        for copy, values in enumerate(scaled):
            if units.integers:
                np.rint(values, out=values)
            _lay_out(panels[:, :, number, copy], values.astype(kind, copy=False), paired=units.integers)
    shape = (entries, blocks * LANES)
    scales, offsets = np.zeros((len(held.scale), shape[1]), np.float32), np.zeros(shape, np.float32)
    scales[:, :columns] = held.scale[:, 0]
    offsets[:, :columns] = _offsets(held, spec, noise.extinction_floor)
    return PackedWeights(
        units, panels, scales, offsets, columns, slices, len(held.parts), _sample(held) if sampled else None
    )


def _sample(held: SlicedWeights) -> SlicedWeights:
    columns = sampled_columns(held.parts[0].light.shape[-1])
    parts = tuple(replace(part, light=part.light[..., columns], known=None) for part in held.parts)
    return replace(held, parts=parts, nbytes=sum(part.light.nbytes for part in parts))


def _lay_out(out: Array, values: Array, *, paired: bool) -> None:
    """Write [B, slices, ports, N] into [B, blocks, slices, ports, 16]."""
    entries, slices, ports, columns = values.shape
    blocks = out.shape[1]
    if columns < blocks * LANES:
        padded = np.zeros((entries, slices, ports, blocks * LANES), values.dtype)
        padded[..., :columns] = values
        values = padded
    if not paired:
        out[...] = values.reshape(entries, slices, ports, blocks, LANES).transpose(0, 3, 1, 2, 4)
        return
    pairs = values.reshape(entries, slices, ports // 2, 2, blocks, LANES)
    out.reshape(entries, blocks, slices, ports // 2, LANES, 2, copy=False)[...] = pairs.transpose(0, 4, 1, 2, 5, 3)


def _offsets(held: SlicedWeights, spec: KernelSpec, floor: float) -> Array:
    """What every output of a column gets, whatever the inputs: offsets of codes, less the known floor of light."""
    (gx, ox), (gw, ow) = gain_offset(spec.lhs), gain_offset(spec.rhs)
    offset: Array = np.asarray(ox * gw * held.code_sum + ox * ow * held.k, np.float32)
    offset = offset.reshape(len(offset), -1) if offset.ndim else offset
    for part in held.parts:
        if part.known is not None:
            offset = offset - sum(signs(spec.lhs)) * part.sign * gx * gw * floor / (1 - floor) * part.known.sum(axis=1)
    return offset
