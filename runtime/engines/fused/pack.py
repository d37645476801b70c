"""Weights in the order in which the kernel reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import gain_offset, signs
from heliograph.ir.weights import Array
from heliograph.runtime.engines.coding import extent
from heliograph.runtime.engines.fused.jit import Block
from heliograph.runtime.engines.fused.lanes import LANES
from heliograph.runtime.engines.fused.lay_out import lay_out
from heliograph.runtime.engines.fused.memory import aligned
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.units import Units
from heliograph.runtime.engines.held import Piece, SlicedWeights, WeightWriter
from heliograph.runtime.engines.noise import NoiseModel

_Known = tuple[int, Array | float, Array | float]
Work = Callable[[Callable[[Piece], _Known], Sequence[Piece]], Iterable[_Known]]


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


def pack(
    source: WeightWriter | SlicedWeights,
    spec: KernelSpec,
    noise: NoiseModel,
    units: Units,
    shape: Shape,
    block: Block,
    work: Work,
) -> PackedWeights:
    """Lay out weights as they are written, some slices at a time, by the `block` of `compile_lay_out`.

    `work` maps over the pieces, in order, maybe on several threads.
    """
    entries, slices, columns = source.entries, source.slices, source.columns
    blocks = -(-columns // LANES)
    part_units = slices * shape.slice_bytes // 4
    panels = aligned((entries, blocks, len(source.signs), part_units), np.dtype(np.int32))

    def write(piece: Piece) -> _Known:
        written = source.write(piece)
        lay_out(block, panels[:, :, piece.part], slices, piece.first, written.light, units)
        return piece.part, 0.0 if written.known is None else written.known.sum(axis=1), written.code_sum

    known: list[Array | float] = [0.0] * len(source.signs)
    code_sum: Array | float = 0.0
    for part, own_known, own_codes in work(write, source.pieces()):
        known[part] = known[part] + own_known
        code_sum = code_sum + own_codes
    padded = (entries, blocks * LANES)
    scales, offsets = np.zeros((len(source.scale), padded[1]), np.float32), np.zeros(padded, np.float32)
    scales[:, :columns] = source.scale[:, 0]
    offsets[:, :columns] = _offsets(source, known, code_sum, spec, noise.extinction_floor)
    return PackedWeights(units, panels, scales, offsets, columns, slices, len(source.signs))


def _offsets(
    source: WeightWriter | SlicedWeights,
    known: Sequence[Array | float],
    code_sum: Array | float,
    spec: KernelSpec,
    floor: float,
) -> Array:
    """What every output of a column gets, whatever the inputs: offsets of codes, less the known floor of light."""
    (gx, ox), (gw, ow) = gain_offset(spec.lhs), gain_offset(spec.rhs)
    offset: Array = np.asarray(ox * gw * code_sum + ox * ow * source.k, np.float32)
    offset = offset.reshape(len(offset), -1) if offset.ndim else offset
    share = sum(signs(spec.lhs)) * gx * gw * floor / (1 - floor)
    for sign, own in zip(source.signs, known, strict=True):
        offset = offset - share * sign * own
    return offset
