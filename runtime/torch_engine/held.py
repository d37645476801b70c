"""The held operand on a torch device, uploaded once when it is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from heliograph.ir.weights import Array
from heliograph.runtime.engines.blocks import Block
from heliograph.runtime.engines.grouped import weight_features
from heliograph.runtime.engines.held import Part, SlicedWeights
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.engines.stream import LANES
from heliograph.runtime.torch_engine.upload import uploaded


@dataclass(frozen=True)
class DevicePart:
    """A `Part`, with columns of zeros up to a multiple of 16: a stream of random numbers is that wide."""

    sign: int
    light: torch.Tensor  # [B or 1, slices, ports, N]
    known: torch.Tensor | None  # [B or 1, 1, N]: of all slices, where inputs have a floor

    @staticmethod
    def of(part: Part, device: torch.device) -> DevicePart:
        """Copy a part."""
        known = None if part.known is None else _padded(part.known.sum(axis=1, keepdims=True), device)
        return DevicePart(part.sign, _padded(part.light, device), known)


@dataclass(frozen=True)
class DeviceWeights(SlicedWeights):
    """Weights on both sides; `nbytes` counts both."""

    on_device: tuple[DevicePart, ...]
    device: torch.device
    noise: NoiseModel

    @staticmethod
    def of(held: SlicedWeights, noise: NoiseModel, device: torch.device) -> DeviceWeights:
        """Copy weights."""
        parts = tuple(DevicePart.of(p, device) for p in held.parts)
        size = sum(t.nbytes for p in parts for t in (p.light, p.known) if t is not None)
        return DeviceWeights(held.parts, held.scale, held.code_sum, held.k, held.nbytes + size, parts, device, noise)

    @property
    def ports(self) -> int:
        """Ports of a slice."""
        return int(self.parts[0].light.shape[2])

    def by_entry(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows [B, M, ...] as [E, rows, ...]: one matrix where all entries share their weights."""
        return rows.flatten(0, 1)[None] if self.entries == 1 else rows

    @cached_property
    def features(self) -> torch.Tensor:
        """`weight_features` [B or 1, groups * 3, N], for fast fidelity."""
        own = weight_features(self.noise, self.parts, self.k)
        flat: Array = own.reshape(*own.shape[:2], -1).swapaxes(1, 2)
        return _padded(flat, self.device)

    def code_sums(self, dtype: np.dtype[np.floating]) -> torch.Tensor:
        """`code_sum` [B or 1, 1, N or 1] on the device."""
        return uploaded(np.atleast_3d(np.asarray(self.code_sum, dtype)), self.device)


def entries(held: torch.Tensor, block: Block) -> torch.Tensor:
    """Batch entries of a block, of a tensor whose first axis may be shared by all."""
    return held if len(held) == 1 else held[block.b0 : block.b1]


def _padded(array: Array, device: torch.device) -> torch.Tensor:
    return torch.nn.functional.pad(uploaded(array, device), (0, -array.shape[-1] % LANES))
