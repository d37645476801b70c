"""Detection on a torch device: the same chain as `heliograph.runtime.engines.detect`, many slices at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import torch

from heliograph.runtime.engines.blocks import Block
from heliograph.runtime.engines.detect import Chain
from heliograph.runtime.engines.held import Part
from heliograph.runtime.engines.noise import NoiseModel, is_drawn
from heliograph.runtime.engines.random import NoiseSource

_PARTIAL_SUMS = 1 << 24  # held on the device at a time


@dataclass(frozen=True)
class DevicePart:
    """A `Part` on the device."""

    light: torch.Tensor  # [B or 1, slices, tile_k, N]
    known: torch.Tensor | None  # [B or 1, slices, N]

    @staticmethod
    def of(part: Part, device: torch.device) -> DevicePart:
        """Copy a part."""
        known = None if part.known is None else torch.from_numpy(part.known).to(device)
        return DevicePart(torch.from_numpy(part.light).to(device), known)


def generator(source: NoiseSource, key: tuple[int | str, ...], device: torch.device) -> torch.Generator:
    """Random numbers of one key of a seed: the same whenever the same block is computed on the same device."""
    text = f"{source.seed}/torch/{'/'.join(map(str, key))}"
    made = torch.Generator(device)
    made.manual_seed(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little", signed=True))
    return made


def detect_exact(chain: Chain, light: torch.Tensor, part: DevicePart, pass_: int, block: Block) -> torch.Tensor:
    """Sum over slices [B, M, N] of light [slices, B, M, tile_k], each slice detected by itself."""
    noise, floor, adc = chain.noise, chain.noise.extinction_floor, chain.adc
    weights = _own(part.light, block).movedim(1, 0)  # [slices, B or 1, tile_k, N]
    columns = weights.shape[-1]
    total = torch.zeros((*block.shape, columns), dtype=light.dtype, device=light.device)
    random = generator(chain.source, (chain.layer, pass_, block.first_row(chain.rows)), light.device)
    step = max(1, _PARTIAL_SUMS // max(total.numel(), 1))
    for first in range(0, len(light), step):
        own, held = light[first : first + step], weights[first : first + step]
        partial = torch.matmul(own, held)
        if is_drawn(noise):
            variance = _variance(noise, own, held) / chain.repeats
            z = torch.randn(partial.shape, dtype=partial.dtype, device=partial.device, generator=random)
            partial.addcmul_(z, torch.sqrt(torch.as_tensor(variance, dtype=partial.dtype, device=partial.device)))
        if adc.step:
            partial.clamp_(adc.low, adc.high).mul_(1 / adc.step).round_().mul_(adc.step)
        total += partial.sum(dim=0)
        if part.known is not None:
            total -= floor * _own(part.known, block)[:, first : first + step].sum(dim=1)[:, None]
    return total / (1 - floor) if floor else total


def detect_at_once(
    chain: Chain, light: torch.Tensor, part: DevicePart, block: Block
) -> tuple[torch.Tensor, torch.Tensor | float]:
    """Sum over slices as one product, and the variance that detecting them one by one would add."""
    noise, floor = chain.noise, chain.noise.extinction_floor
    weights = _own(part.light, block)
    slices = len(light)
    flat_light = light.movedim(0, 2).reshape(*block.shape, -1)
    flat_weights = weights.reshape(len(weights), -1, weights.shape[-1])
    total = torch.matmul(flat_light, flat_weights)
    drawn: torch.Tensor | float = slices * noise.c0
    if noise.c1:
        drawn = drawn + noise.c1 * torch.matmul(flat_light.abs(), flat_weights.abs())
    if noise.c3:
        drawn = drawn + noise.c3 * torch.matmul(flat_light.square(), flat_weights.square())
    if noise.c2:
        for s in range(slices):  # the one term that is not linear in the slices
            drawn = drawn + noise.c2 * torch.matmul(light[s].abs(), weights[:, s].abs()).square()
    if part.known is not None:
        total -= floor * _own(part.known, block).sum(dim=1)[:, None]
    spread = _not_negative(drawn) / chain.repeats + slices * chain.adc.step**2 / 12
    return total / (1 - floor), spread / (1 - floor) ** 2


def _own(held: torch.Tensor, block: Block) -> torch.Tensor:
    return held if len(held) == 1 else held[block.b0 : block.b1]


def _variance(noise: NoiseModel, light: torch.Tensor, weights: torch.Tensor) -> torch.Tensor | float:
    """c0 + c1 total + c2 total^2 + c3 sumsq of each partial sum."""
    result: torch.Tensor | float = noise.c0
    if noise.c1 or noise.c2:
        total = torch.matmul(light.abs(), weights.abs())
        result = result + total * (noise.c1 + noise.c2 * total)
    if noise.c3:
        result = result + noise.c3 * torch.matmul(light.square(), weights.square())
    return _not_negative(result)


def _not_negative(variance: torch.Tensor | float) -> torch.Tensor | float:
    """c3 may be as low as -c2, which rounding can turn into less than nothing."""
    return variance.clamp_(min=0) if isinstance(variance, torch.Tensor) else variance
