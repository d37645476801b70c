"""Fast fidelity on a torch device: all slices in one product, one draw per output."""

from __future__ import annotations

import torch

from heliograph.runtime.engines.blocks import Block
from heliograph.runtime.engines.detect import Chain
from heliograph.runtime.engines.grouped import TERMS, group_slices
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.torch_engine.detect import Light, stream_of
from heliograph.runtime.torch_engine.held import DeviceWeights, entries
from heliograph.runtime.torch_engine.stream import cubics_on, normals, step


def detect_at_once(
    chain: Chain, light: Light, grouped: Light | None, held: DeviceWeights, key: int, block: Block
) -> torch.Tensor:
    """Sum over passes, parts and slices with the noise of all of them.

    grouped: `features` of the light of each pass, where the variance comes from those, else from all products.
    """
    noise, floor = chain.noise, chain.noise.extinction_floor
    first = next(iter(light.values()))
    total = first.new_zeros(())
    drawn = first.new_zeros(())
    for sign, own in light.items():
        for part in held.on_device:
            weights = entries(part.light, block)
            mean = torch.matmul(own, weights.flatten(1, 2))
            if part.known is not None:
                mean = mean - floor * entries(part.known, block)
            total = total + sign * part.sign * mean
            if grouped is None:
                drawn = drawn + _drawn(noise, own, weights)
        if grouped is not None:
            drawn = drawn + torch.matmul(grouped[sign], entries(held.features, block))
    readings = held.slices * len(light) * len(held.on_device)
    spread = (drawn + readings * noise.c0) / chain.repeats + readings * chain.adc.step**2 / 12
    bits, _ = step(stream_of(chain, key, first, held, block))
    z = normals(bits, cubics_on(first.device)).view(total.shape)
    return (total + torch.sqrt(spread) * z) / (1 - floor)


def features(light: torch.Tensor, slices: int, k: int) -> torch.Tensor:
    """`grouped.features` [B, M, groups * 3] of light [B, M, slices * ports]; ports from `k` on count as dark."""
    batch, rows, ports = light.shape
    sizes = light.abs()
    sizes[..., k:] = 0
    sliced = sizes.reshape(batch, rows, slices, -1)
    sums, squares = sliced.sum(dim=3), sliced.square().sum(dim=3)
    each = torch.stack([sums, sums.square() - squares, squares], dim=3)  # [B, M, slices, 3]
    size = group_slices(ports // slices)
    whole = torch.nn.functional.pad(each, (0, 0, 0, -slices % size))
    return whole.reshape(batch, rows, -1, size, TERMS).sum(dim=3).flatten(2, 3)


def _drawn(noise: NoiseModel, light: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Variance of all slices but for c0: of light [E, rows, slices * ports] and weights [E, slices, ports, N]."""
    slices = weights.shape[1]
    drawn = light.new_zeros(())
    if noise.c1:
        drawn = drawn + noise.c1 * torch.matmul(light.abs(), weights.abs().flatten(1, 2))
    if noise.c3:
        drawn = drawn + noise.c3 * torch.matmul(light.square(), weights.square().flatten(1, 2))
    if noise.c2:
        sliced = light.reshape(*light.shape[:2], slices, -1)
        for s in range(slices):  # the one term that is not linear in the slices
            drawn = drawn + noise.c2 * torch.matmul(sliced[:, :, s].abs(), weights[:, s].abs()).square()
    return drawn.clamp(min=0)  # rounding, where only one port is lit
