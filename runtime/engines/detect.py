"""The analog chain of one block of rows: light in, digital sums of slices out.

This is the arithmetic of the simulator. Per slice of tile_k ports and per pass:

    t = r + (1 - r) x            modulator with extinction floor r
    v = sum_p t_p w_pq           router and photodiode
    v += sum_{p<p'} sqrt(t_p t_p') b_pp'q     static beats, where the target has them
    v += sqrt(variance / R) z    noise, R repeats averaged
    v = adc(v)                   saturate and round
    v = (v - r sum_p w_pq) / (1 - r)      digital: the known floor taken away

and the slices are added up in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heliograph.ir.reference.converters import AdcRange
from heliograph.ir.weights import Array
from heliograph.runtime.engines.beats import pair_roots
from heliograph.runtime.engines.blocks import Block
from heliograph.runtime.engines.coding import convert
from heliograph.runtime.engines.held import Part
from heliograph.runtime.engines.noise import NoiseModel, is_drawn, product, variance
from heliograph.runtime.engines.random import NoiseSource
from heliograph.runtime.engines.stream import NormalStream


@dataclass(frozen=True)
class Chain:
    """What all blocks of one call share."""

    adc: AdcRange
    noise: NoiseModel
    source: NoiseSource
    layer: int
    repeats: int
    rows: int  # M of the call


def slice_light(codes: Array, tile_k: int, slices: int, floor: float) -> Array:
    """Light per slice [slices, B, M, tile_k] of codes [B, M, K]; a port of code 0 still sends the floor."""
    batch, rows, k = codes.shape
    light = np.full((slices, batch, rows, tile_k), floor, codes.dtype)
    whole = k // tile_k
    head = codes[:, :, : whole * tile_k].reshape(batch, rows, whole, tile_k)
    light[:whole] += np.moveaxis(head, 2, 0) * codes.dtype.type(1 - floor)
    if whole < slices:
        light[whole, :, :, : k - whole * tile_k] += codes[:, :, whole * tile_k :] * codes.dtype.type(1 - floor)
    return light


def detect_exact(chain: Chain, light: Array, part: Part, stream: NormalStream, block: Block) -> Array:
    """Sum over slices, each detected by itself, with the next numbers of `stream`."""
    noise, floor = chain.noise, chain.noise.extinction_floor
    weights = part.light if len(part.light) == 1 else part.light[block.b0 : block.b1]
    beat = part.beat if part.beat is None or len(part.beat) == 1 else part.beat[block.b0 : block.b1]
    columns = weights.shape[-1]
    shape = (*block.shape, columns)
    total = np.zeros(shape, light.dtype)
    partial = np.empty(shape, light.dtype)
    for s in range(len(light)):
        product(light[s], weights[:, s], out=partial)
        if beat is not None:
            partial += product(pair_roots(light[s]), beat[:, s])
        if is_drawn(noise):
            sigma = np.sqrt(variance(noise, light[s], weights[:, s]) / chain.repeats)
            partial += sigma * stream.next().reshape(shape)
        convert(partial, chain.adc)
        if part.known is not None:
            partial -= floor * (part.known if len(part.known) == 1 else part.known[block.b0 : block.b1])[:, s, None]
        total += partial
    if floor:
        total /= 1 - floor
    return total


def detect_at_once(chain: Chain, light: Array, part: Part, block: Block) -> tuple[Array, Array | float]:
    """Sum over slices as one product, and the variance that detecting the slices one by one would add to it.

    The variance is the sum over slices of the noise of `detect_exact` and of an ADC whose error is uniform in a step.
    """
    noise, floor = chain.noise, chain.noise.extinction_floor
    weights = part.light if len(part.light) == 1 else part.light[block.b0 : block.b1]
    slices, columns = len(light), weights.shape[-1]
    flat_light = np.moveaxis(light, 0, 2).reshape(*block.shape, -1)
    flat_weights = weights.reshape(len(weights), -1, columns)
    total = np.matmul(flat_light, flat_weights)
    if part.known is not None:
        known = part.known if len(part.known) == 1 else part.known[block.b0 : block.b1]
        total -= floor * known.sum(axis=1)[:, None]
    drawn: Array | float = slices * noise.c0
    if noise.c1:
        drawn = drawn + noise.c1 * np.matmul(np.abs(flat_light), np.abs(flat_weights))
    if noise.c3:
        drawn = drawn + noise.c3 * np.matmul(np.square(flat_light), np.square(flat_weights))
    if noise.c2:
        squares, one = np.zeros_like(total), np.empty_like(total)
        for s in range(slices):  # the one term that is not linear in the slices
            np.matmul(np.abs(light[s]), np.abs(weights[:, s]), out=one)
            squares += np.square(one, out=one)
        squares *= noise.c2
        drawn = drawn + squares
    if noise.c3 < 0:  # rounding, where only one port is lit
        drawn = np.maximum(drawn, 0)
    spread = drawn / chain.repeats + slices * chain.adc.step**2 / 12
    return total / (1 - floor), spread / (1 - floor) ** 2
