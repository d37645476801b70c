"""Light of one block on a torch device, and the digital sums that come of it: `detect` of the numpy engine.

Rows of entries that share their weights are one matrix: light is [E, rows, ports of all slices], where E counts the
entries with weights of their own. Totals are [E, rows, N], N a multiple of 16.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import torch

from heliograph.runtime.engines.blocks import Block
from heliograph.runtime.engines.detect import Chain
from heliograph.runtime.engines.noise import NoiseModel, is_drawn
from heliograph.runtime.torch_engine.held import DeviceWeights, entries
from heliograph.runtime.torch_engine.reading import SLICES, SliceReader, coefficients
from heliograph.runtime.torch_engine.stream import State, cubics_on, seed_states

Light = Mapping[int, torch.Tensor]  # by the sign of the pass
PartialSums = tuple[torch.Tensor, torch.Tensor | None, torch.Tensor | None]


def as_light(codes: torch.Tensor, held: DeviceWeights, floor: float) -> torch.Tensor:
    """Light [B, M, ports of all slices] of codes [B, M, K]; ports beyond K are dark, since their weights are zero."""
    light = codes * (1 - floor) + floor if floor else codes
    return torch.nn.functional.pad(light, (0, held.slices * held.ports - codes.shape[2]))


def stream_of(chain: Chain, key: int, light: torch.Tensor, held: DeviceWeights, block: Block) -> State:
    """States of all outputs of a block."""
    rows, columns = light.shape[0] * light.shape[1], held.on_device[0].light.shape[-1]
    return seed_states(key, block.first_row(chain.rows), rows, columns, light.device)


def detect_exact(
    chain: Chain, light: Light, held: DeviceWeights, key: int, block: Block, read: SliceReader
) -> torch.Tensor:
    """Sum over passes, parts and slices, each slice detected by itself."""
    floor = chain.noise.extinction_floor
    first = next(iter(light.values()))
    shape = (*first.shape[:2], held.on_device[0].light.shape[-1])
    total = first.new_zeros(math.prod(shape))
    state = stream_of(chain, key, first, held, block) if is_drawn(chain.noise) else None
    cubics = cubics_on(first.device)
    known = first.new_zeros(())
    for sign, own in light.items():
        for part in held.on_device:
            terms = coefficients(chain, sign * part.sign, first)
            for sums in _partial_sums(chain.noise, own, entries(part.light, block)):
                total, state = read(total, *sums, state, terms, cubics, chain.adc.step > 0)
            if part.known is not None:
                known = known + sign * part.sign * floor * entries(part.known, block)
    result = total.view(shape)
    return (result - known) / (1 - floor) if floor else result


def _partial_sums(noise: NoiseModel, light: torch.Tensor, weights: torch.Tensor) -> Iterator[PartialSums]:
    """What `read_slices` reads of a few slices at a time: of light [E, rows, slices * ports] and weights [E, slices,
    ports, N]."""
    slices = weights.shape[1]
    sliced = light.reshape(*light.shape[:2], slices, -1).movedim(2, 0)  # [slices, E, rows, ports]
    start = 0
    while start < slices:
        end = start + (SLICES if start + SLICES <= slices else 1)  # so that there are two kernels, whatever is left
        own, met = sliced[start:end], weights.movedim(1, 0)[start:end]
        yield (
            _products(own, met),
            _products(own.abs(), met.abs()) if noise.c1 or noise.c2 else None,
            _products(own.square(), met.square()) if noise.c3 else None,
        )
        start = end


def _products(light: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Sums over ports [slices, outputs], in memory of its own."""
    slices, batch, rows, _ = light.shape
    columns = weights.shape[-1]
    made = light.new_empty((slices, batch * rows * columns))
    torch.bmm(light.flatten(0, 1), weights.flatten(0, 1), out=made.view(-1, rows, columns))
    return made
