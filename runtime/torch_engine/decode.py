"""Digital sums of codes back to numbers, on a torch device; the arithmetic of `analog.StreamedOperand.decode`."""

from __future__ import annotations

import torch

from heliograph.ir.reference.converters import gain_offset
from heliograph.ir.weights import Array
from heliograph.runtime.engines.blocks import Block
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import normal_scales
from heliograph.runtime.torch_engine.held import DeviceWeights, entries
from heliograph.runtime.torch_engine.upload import uploaded


class Decoder:
    """(gx X + ox) (gw W + ow) summed over k, times both scales but for the powers of two in `scales`."""

    def __init__(self, call: KernelCall, held: DeviceWeights, row_scale: Array) -> None:
        device = held.device
        self._lhs, self._rhs = gain_offset(call.spec.lhs), gain_offset(call.spec.rhs)
        self.scales = normal_scales(row_scale, held.scale, held.scale_extent)
        self._rows, self._columns = uploaded(self.scales.rows, device), uploaded(self.scales.columns, device)
        self._code_sum = held.code_sums(row_scale.dtype)
        self._k = held.k

    @property
    def needs_code_sums(self) -> bool:
        """Whether weights have an offset, which meets the sums of codes."""
        return self._rhs[1] != 0

    def __call__(self, total: torch.Tensor, sums: torch.Tensor | None, block: Block) -> torch.Tensor:
        """Results of totals [B, M, N]; `sums` as `needs_code_sums` asks."""
        (gx, ox), (gw, ow) = self._lhs, self._rhs
        result = total if gx * gw == 1 else total * (gx * gw)
        if sums is not None:
            result = result + gx * ow * sums
        if ox:
            result = result + ox * gw * entries(self._code_sum, block)
        if ox and ow:
            result = result + ox * ow * self._k
        rows = self._rows if self._rows.numel() == 1 else self._rows[block.where]
        return result * (rows * entries(self._columns, block))
