"""Weights in the order in which the kernel reads them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import gain_offset, signs
from heliograph.ir.weights import Array
from heliograph.runtime.engines.coding import extent
from heliograph.runtime.engines.fused.lanes import LANES
from heliograph.runtime.engines.fused.memory import aligned
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import SQUARES_ZERO_BITS
from heliograph.runtime.engines.fused.units import Units
from heliograph.runtime.engines.held import SlicedWeights
from heliograph.runtime.engines.noise import NoiseModel

_TOGETHER = 16  # column blocks that are laid out at a time


@dataclass(frozen=True, eq=False)
class PackedWeights:
    """A held operand as the kernel wants it. Column blocks of 16; unused columns are dark."""

    units: Units
    panels: Array  # int32 [B or 1, blocks, parts, units], see `layout`
    scales: Array  # float32 [B or 1, blocks * 16]
    offsets: Array  # float32 [B or 1, blocks * 16], in units of codes
    columns: int
    slices: int
    parts: int

    @cached_property
    def scale_extent(self) -> tuple[float, float]:
        """See `extent`."""
        return extent(self.scales)

    def row_sums(self, spec: KernelSpec) -> int:
        """Partial sums that a row of the streamed operand takes."""
        return self.slices * self.columns * self.parts * spec.lhs.passes

    @property
    def nbytes(self) -> int:
        """Memory of all arrays."""
        return self.panels.nbytes + self.scales.nbytes + self.offsets.nbytes


def pack(held: SlicedWeights, spec: KernelSpec, noise: NoiseModel, units: Units, shape: Shape) -> PackedWeights:
    """Lay out weights that numpy wrote."""
    entries, slices, _, columns = held.parts[0].light.shape
    blocks = -(-columns // LANES)
    plane = slices * shape.slice_units * LANES
    part_units = plane * sum(shape.planes) // 2 + shape.biases * slices * LANES
    panels = aligned((entries, blocks, len(held.parts), part_units), np.dtype(np.int32))
    for number, part in enumerate(held.parts):
        for first in range(0, blocks, _TOGETHER):
            some = panels[:, first : first + _TOGETHER, number]
            light = np.zeros((entries, slices, shape.ports, some.shape[1] * LANES), np.float32)
            wanted = part.light[..., first * LANES : first * LANES + light.shape[-1]]
            light[..., : wanted.shape[-1]] = wanted
            _write(some, light, units, shape)
    padded = (entries, blocks * LANES)
    scales, offsets = np.zeros((len(held.scale), padded[1]), np.float32), np.zeros(padded, np.float32)
    scales[:, :columns] = held.scale[:, 0]
    offsets[:, :columns] = _offsets(held, spec, noise.extinction_floor)
    return PackedWeights(units, panels, scales, offsets, columns, slices, len(held.parts))


def _write(out: Array, light: Array, units: Units, shape: Shape) -> None:
    """Write [B, slices, ports, N] as planes and biases [B, blocks, units of a part]; see `layout`."""
    biases = []
    start = 0
    for number, halves in enumerate(shape.planes):
        if not halves:
            continue
        values = light * np.float32(units.weight) if number == 0 else np.square(light) if number == 2 else np.abs(light)
        if number:
            values *= np.float32(units.weight_square if number == 2 else units.weight_size)
        kind = np.dtype(np.uint8 if halves == 1 else np.int16 if shape.integers else np.float32)
        if shape.integers:
            np.rint(values, out=values)
        plane = _laid_out(values.astype(kind, copy=False), 4 // kind.itemsize)
        out[..., start : start + plane.shape[-1]] = plane
        start += plane.shape[-1]
        if halves == 1:
            zero = SQUARES_ZERO_BITS if number == 2 else 0
            biases.append(values.sum(axis=2).astype(np.int32) * 128 + np.int32(zero))
    for bias in biases:
        plane = _laid_out(bias[:, :, None], 1)
        out[..., start : start + plane.shape[-1]] = plane
        start += plane.shape[-1]


def _laid_out(values: Array, together: int) -> Array:
    """Units [B, blocks, slices * units * 16] of [B, slices, ports, N], `together` ports in each."""
    entries, slices, ports, columns = values.shape
    groups = values.reshape(entries, slices, ports // together, together, columns // LANES, LANES)
    ordered = np.ascontiguousarray(groups.transpose(0, 4, 1, 2, 5, 3))
    return ordered.view(np.int32).reshape(entries, columns // LANES, -1)


def _offsets(held: SlicedWeights, spec: KernelSpec, floor: float) -> Array:
    """What every output of a column gets, whatever the inputs: offsets of codes, less the known floor of light."""
    (gx, ox), (gw, ow) = gain_offset(spec.lhs), gain_offset(spec.rhs)
    offset: Array = np.asarray(ox * gw * held.code_sum + ox * ow * held.k, np.float32)
    offset = offset.reshape(len(offset), -1) if offset.ndim else offset
    for part in held.parts:
        if part.known is not None:
            offset = offset - sum(signs(spec.lhs)) * part.sign * gx * gw * floor / (1 - floor) * part.known.sum(axis=1)
    return offset
