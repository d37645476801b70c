"""The streamed operand of a call on a torch device: uploaded once, measured and encoded there.

The arithmetic is that of `coding` and `analog.StreamedOperand` in `heliograph.runtime.engines`.
"""

from __future__ import annotations

import numpy as np
import torch

from heliograph.ir.dialects import Quant
from heliograph.ir.reference.converters import carrier, lhs_full_scale, signs
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.engines.blocks import Block
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import not_finite
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.torch_engine.upload import uploaded
from heliograph.runtime.windows import Streamed


class DeviceOperand:
    """Rows of x[B, M, K]; those of windows are read from their tensor, so no im2col matrix is made or uploaded."""

    def __init__(self, call: KernelCall, inputs: Streamed, noise: NoiseModel, device: torch.device) -> None:
        self._call, self._inputs, self._noise, self._device = call, inputs, noise, device
        memory, places = inputs.packed()
        self._memory = uploaded(memory.astype(work_dtype(inputs.dtype), copy=False), device)
        self._places = None
        if places is not None:
            self._places = tuple(uploaded(p, device) for p in (places.entries, places.rows, places.columns))

    def _values(self, b0: int, b1: int, m0: int, m1: int) -> torch.Tensor:
        """Rows [b1 - b0, m1 - m0, K]."""
        if self._places is None:
            return self._memory[b0:b1, m0:m1]
        entries, rows, columns = self._places
        return self._memory.take(entries[b0:b1, None, None] + rows[m0:m1, None] + columns)

    def measure(self, cut: list[Block]) -> Array:
        """Full scale [1, 1, 1] or [B, M, 1], looked for in blocks that cover all rows.

        Raises HG5002 for NaN or infinity.
        """
        quant = self._call.spec.lhs
        parts = [self._values(b.b0, b.b1, b.m0, b.m1).abs().amax(dim=2).reshape(-1) for b in cut]
        measured = torch.cat(parts)
        found = measured.amax().reshape(1, 1, 1) if quant.axis == "tensor" else measured.reshape(*self._shape, 1)
        scale: Array = found.cpu().numpy()
        if not np.isfinite(scale).all():
            raise not_finite(self._inputs, self._call.name)
        static = lhs_full_scale(quant, self._call.lhs_scale)
        return scale if static is None else np.full((1, 1, 1), static, scale.dtype)

    @property
    def _shape(self) -> tuple[int, int]:
        return self._inputs.shape[0], self._inputs.shape[1]

    def codes(self, scale: torch.Tensor, block: Block) -> dict[int, torch.Tensor]:
        """Codes [B, rows before + M, K] per sign, with the rows that leave light over; dark before the first."""
        first = max(block.m0 - self._before, 0)
        values = self._values(block.b0, block.b1, first, block.m1)
        own = scale if scale.numel() == 1 else scale[block.b0 : block.b1, first : block.m1]
        shares = values / torch.where(own > 0, own, torch.inf)
        dark = max(self._before - block.m0, 0)
        quant = self._call.spec.lhs
        return {s: torch.nn.functional.pad(_code(shares, quant, s), (0, 0, dark, 0)) for s in signs(quant)}

    @property
    def _before(self) -> int:
        return self._call.spec.vectors if self._noise.isi else 0

    def mixed(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows [B, M, ...] with what the rows before them left over."""
        if not self._before:
            return rows
        share = self._noise.isi / self._call.spec.adc.repeats  # only the first repeat suffers
        return rows[:, self._before :] * (1 - share) + share * rows[:, : -self._before]

    def code_sums(self, codes: dict[int, torch.Tensor]) -> torch.Tensor:
        """Sums of signed codes [B, M, 1], without what the symbol before left over."""
        parts = [s * part[:, self._before :].sum(dim=2, keepdim=True) for s, part in codes.items()]
        return torch.stack(parts).sum(dim=0)


def _code(shares: torch.Tensor, quant: Quant, sign: int) -> torch.Tensor:
    scheme = carrier(quant)
    if scheme == "offset":
        shares = (shares + 1) * 0.5
    elif scheme == "two-pass" and sign < 0:
        shares = -shares
    shares = shares.clamp(-1.0 if scheme == "balanced" else 0.0, 1.0)
    if not quant.bits:
        return shares
    levels = shares.new_tensor(2**quant.bits - 1)  # by a plain number CUDA divides less exactly
    return torch.round(shares * levels) / levels
