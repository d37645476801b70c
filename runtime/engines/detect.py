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
    weights = block.weights(part.light)
    beat = None if part.beat is None else block.weights(part.beat)
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
            partial -= floor * block.weights(part.known)[:, s, None]
        total += partial
    if floor:
        total /= 1 - floor
    return total


def mean_at_once(chain: Chain, light: Array, part: Part, block: Block) -> Array:
    """Fast fidelity: the sum over slices of `detect_exact`, but for its noise and ADC, as one product."""
    weights = block.weights(part.light)
    flat_light = np.moveaxis(light, 0, 2).reshape(*block.shape, -1)
    total: Array = np.matmul(flat_light, weights.reshape(len(weights), -1, weights.shape[-1]))
    if part.known is not None:
        total -= chain.noise.extinction_floor * block.weights(part.known).sum(axis=1)[:, None]
    return total / (1 - chain.noise.extinction_floor)


def drawn_at_once(noise: NoiseModel, light: Array, weights: Array) -> Array | float:
    """Variance [B, M, N] of the noise of all slices, but for c0: of light [slices, B, M, ports] and weights
    [B or 1, slices, ports, N]."""
    columns = weights.shape[-1]
    flat_light = np.moveaxis(light, 0, -2).reshape(*light.shape[1:-1], -1)
    flat_weights = weights.reshape(len(weights), -1, columns)
    drawn: Array | float = 0.0
    if noise.c1:
        drawn = noise.c1 * np.matmul(np.abs(flat_light), np.abs(flat_weights))
    if noise.c3:
        drawn = drawn + noise.c3 * np.matmul(np.square(flat_light), np.square(flat_weights))
    if noise.c2:
        squares = np.zeros((*flat_light.shape[:-1], columns), light.dtype)
        for s in range(len(light)):  # the one term that is not linear in the slices
            squares += np.square(np.matmul(np.abs(light[s]), np.abs(weights[:, s])))
        drawn = drawn + noise.c2 * squares
    return np.maximum(drawn, 0) if noise.c3 < 0 else drawn  # rounding, where only one port is lit


def read_at_once(chain: Chain, drawn: Array | float, slices: int) -> Array | float:
    """Variance of a sum over `slices` readings: theirs, and that of errors of the ADC which are uniform in a step."""
    noise = chain.noise
    spread = (drawn + slices * noise.c0) / chain.repeats + slices * chain.adc.step**2 / 12
    return spread / (1 - noise.extinction_floor) ** 2
