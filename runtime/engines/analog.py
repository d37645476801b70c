"""Engines "quantized" and "noisy": the product as converters and light compute it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from heliograph.ir.reference.converters import adc_range, gain_offset, signs
from heliograph.ir.weights import Array
from heliograph.runtime.access import scatter_bound
from heliograph.runtime.engines.blocks import BLOCK_ELEMENTS, Block, blocks
from heliograph.runtime.engines.call import EngineStats, HeldWeights, KernelCall
from heliograph.runtime.engines.coding import encode, full_scale, narrowed, normal_scales, rescaled
from heliograph.runtime.engines.detect import (
    Chain,
    detect_exact,
    drawn_at_once,
    mean_at_once,
    read_at_once,
    slice_light,
)
from heliograph.runtime.engines.grouped import features, grouped_variance, weight_features
from heliograph.runtime.engines.held import SlicedWeights, WeightWriter
from heliograph.runtime.engines.modulator import modulate
from heliograph.runtime.engines.noise import QUIET, NoiseModel, NoiseOf, is_drawn
from heliograph.runtime.engines.random import NoiseSource
from heliograph.runtime.engines.sample import WeightSample, sample_codes, sample_rows, sample_weights
from heliograph.runtime.engines.setting import Set, set_tiles
from heliograph.runtime.engines.stream import NormalStream, stream_key
from heliograph.runtime.engines.suits import Verdict, judge_grouping, judge_reading
from heliograph.runtime.windows import Streamed, WindowPlan, as_streamed

LIGHT_PER_RESULT = 16  # how much light a block may hold for each result
FAST_BLOCKS = 4  # blocks of fast fidelity are larger: they work through all weights for each block


class AnalogEngine:
    """Converters, and light with the given noise (none: the engine "quantized").

    `fast` draws once per output with the same variance as drawing for every detected partial sum. That is equivalent
    only while the ADC rarely saturates and its steps are small against what it reads; where a sample of rows says
    otherwise the call is simulated exactly, which `stats` counts. Static beats are always simulated exactly.
    """

    def __init__(
        self,
        noise_of: NoiseOf | None = None,
        *,
        fast: bool = False,
        seed: int = 0,
        block_elements: int = BLOCK_ELEMENTS,
    ) -> None:
        self.stats = EngineStats()
        self.noise_of = noise_of or _quiet
        self.fast = fast
        self.seed = seed
        self._source = NoiseSource(seed)
        self._block_elements = block_elements

    def hold(self, call: KernelCall, weights: Array) -> SlicedWeights:
        """Quantize the operand and write it into weight tiles."""
        return self.writer(call, weights).held()

    def writer(self, call: KernelCall, weights: Array, set_tiles: Set = set_tiles) -> WeightWriter:
        """The same, some slices at a time."""
        noise = self.noise_of(call.spec)
        ports = self._slice_ports(call, noise, weights.shape[1])
        return WeightWriter(call, weights, noise, self._source, ports, set_tiles)

    def multiply(self, call: KernelCall, inputs: Array | Streamed, held: HeldWeights) -> Array:
        """Stream the inputs through the tiles. Raises HG5002 for NaN or infinity."""
        assert isinstance(held, SlicedWeights)
        noise = self.noise_of(call.spec)
        inputs = as_streamed(inputs)
        chain = self._chain(call, noise, inputs.shape[1])
        found = None
        if self.fast and not noise.beat:
            found = self.judge(call, inputs, sample_weights(held, noise))
            found.count(self.stats, call.layer)
        fast = found is not None and found.is_fast
        result = self._product(chain, call, inputs, held, found if fast else None)
        self.stats.calls += 1
        self.stats.fast_calls += fast
        self.stats.fast_by_products += found is Verdict.UNEVEN
        sums = result.size * held.slices * call.spec.lhs.passes * len(held.parts)
        self.stats.partial_sums += 0 if fast else sums
        return result

    def _product(
        self, chain: Chain, call: KernelCall, inputs: Streamed, held: SlicedWeights, fast: Verdict | None
    ) -> Array:
        """The result; `fast` is None where every detection is simulated."""
        noise = chain.noise
        batch, rows, k = inputs.shape
        stream = StreamedOperand(call, inputs, noise, self._slice_ports(call, noise, k), held.slices)
        groups = weight_features(noise, held.parts, held.k) if fast is Verdict.FAST else None
        columns = held.parts[0].light.shape[-1]
        result = np.empty((batch, rows, columns), inputs.dtype)
        elements = self._block_elements * (FAST_BLOCKS if fast else 1)
        for block in blocks(batch, rows, max(columns, k // LIGHT_PER_RESULT), elements):
            total = self._once(chain, stream, held, block, groups) if fast else self._exact(chain, stream, held, block)
            result[block.where] = stream.decode(total, held, block)
        return result

    def fold(self, matrix: Array, plan: WindowPlan) -> Array:
        """The tensor into which the map of a scatter adds a result."""
        return scatter_bound(matrix, plan.access, "add", plan.tensor)

    def _slice_ports(self, call: KernelCall, noise: NoiseModel, k: int) -> int:
        """Ports per slice; one slice for all where nothing happens to partial sums."""
        sliced = call.spec.adc.bits or is_drawn(noise) or noise.weight_sigma or noise.beat
        return call.spec.tile_k if sliced else max(k, 1)

    def _exact(self, chain: Chain, stream: StreamedOperand, held: SlicedWeights, block: Block) -> Array:
        total: Array | float = 0.0
        normals = self._normals("detect", chain, held, block)
        for sign in signs(stream.call.spec.lhs):
            light = stream.light(block, sign)
            for part in held.parts:
                total = total + sign * part.sign * detect_exact(chain, light, part, normals, block)
        return np.asarray(total)

    def _once(
        self, chain: Chain, stream: StreamedOperand, held: SlicedWeights, block: Block, groups: Array | None
    ) -> Array:
        """One draw per output. `groups`: features of the weights, where the variance comes from those."""
        total: Array | float = 0.0
        drawn: Array | float = 0.0
        passes = signs(stream.call.spec.lhs)
        for sign in passes:
            light = stream.light(block, sign)
            for part in held.parts:
                total = total + sign * part.sign * mean_at_once(chain, light, part, block)
                if groups is None:
                    drawn = drawn + drawn_at_once(chain.noise, light, block.weights(part.light))
            if groups is not None:
                drawn = drawn + grouped_variance(stream.features(block, sign), block.weights(groups))
        result = np.asarray(total)
        spread = read_at_once(chain, drawn, held.slices * len(passes) * len(held.parts))
        z = self._normals("fast", chain, held, block).next()
        noisy: Array = result + np.sqrt(spread, dtype=result.dtype) * z.reshape(result.shape)
        return noisy

    def _normals(self, kind: str, chain: Chain, held: SlicedWeights, block: Block) -> NormalStream:
        key = stream_key(self.seed, kind, chain.layer)
        rows = block.shape[0] * block.shape[1]
        return NormalStream(key, block.first_row(chain.rows), rows, held.parts[0].light.shape[-1])

    def judge(self, call: KernelCall, inputs: Streamed, sample: WeightSample) -> Verdict:
        """Whether one draw per output suits a call, from some columns of its weights.

        Raises HG5002 for NaN or infinity in the rows it looks at.
        """
        if not inputs.size or not sample.read.weights.size:
            return Verdict.FAST
        noise, passes = self.noise_of(call.spec), signs(call.spec.lhs)
        chain = self._chain(call, noise, inputs.shape[1])
        values, scale = sample_rows(call, inputs, sample)
        read, grouped = sample_codes(call, noise, values, scale, sample)
        found = judge_reading(chain, sample, read, passes) if chain.adc.step else Verdict.FAST
        if found is Verdict.FAST and (noise.c1 or noise.c2 or noise.c3):
            found = judge_grouping(chain, sample, grouped, len(passes))
        return found

    def _chain(self, call: KernelCall, noise: NoiseModel, rows: int) -> Chain:
        return Chain(adc_range(call.spec, call.adc_rms), noise, self._source, call.layer, call.spec.adc.repeats, rows)


class StreamedOperand:
    """The streamed operand of one call: digital on one side, light on the other."""

    def __init__(self, call: KernelCall, inputs: Streamed, noise: NoiseModel, ports: int, slices: int) -> None:
        self.call, self.inputs = call, inputs
        self._noise, self._ports, self._slices = noise, ports, slices
        self.passes = call.spec.lhs.passes

    @cached_property
    def _scale(self) -> Array:
        """Full scale, [1, 1, 1] or [B, M, 1]."""
        return full_scale(self.inputs, self.call.spec.lhs, self.call.lhs_scale, self.call.name)

    def _part_scale(self, block: Block, first: int) -> Array:
        if self._scale.size == 1:
            return self._scale
        part: Array = self._scale[block.b0 : block.b1, first : block.m1]
        return part

    def light(self, block: Block, sign: int) -> Array:
        """Light of one pass [slices, B, M, ports]; what the symbol before left over comes in here."""
        codes = self._mixed(self._codes(block, sign))
        return slice_light(codes, self._ports, self._slices, self._noise.extinction_floor)

    def features(self, block: Block, sign: int) -> Array:
        """Features of the light of one pass [B, M, groups, 3]; those of the symbol before come in as its light does."""
        codes = self._codes(block, sign)
        sliced = slice_light(codes, self._ports, self._slices, 0.0)
        return self._mixed(features(sliced, codes.shape[2], self._noise.extinction_floor))

    def _codes(self, block: Block, sign: int) -> Array:
        """Codes of one pass [B, rows before + M, K], with the rows that leave light over; dark before the first."""
        before = self.call.spec.vectors if self._noise.isi else 0
        first = max(block.m0 - before, 0)
        values = self.inputs.block(slice(block.b0, block.b1), slice(first, block.m1))
        codes = modulate(values, self._part_scale(block, first), self.call.spec.lhs, sign, self._noise)
        dark = max(before - block.m0, 0)
        return np.concatenate([np.zeros_like(codes[:, :1]).repeat(dark, axis=1), codes], axis=1) if dark else codes

    def _mixed(self, rows: Array) -> Array:
        """Rows [B, M, ...] with what the rows before them left over."""
        if not self._noise.isi:
            return rows
        before = self.call.spec.vectors
        share = rows.dtype.type(self._noise.isi / self.call.spec.adc.repeats)  # only the first repeat suffers
        mixed: Array = rows[:, before:] * (1 - share) + share * rows[:, :-before]
        return mixed

    def decode(self, total: Array, held: SlicedWeights, block: Block) -> Array:
        """Undo the codes: (gx X + ox) (gw W + ow) summed over k, times both scales."""
        spec = self.call.spec
        (gx, ox), (gw, ow) = gain_offset(spec.lhs), gain_offset(spec.rhs)
        scale = self._part_scale(block, block.m0)
        result = total if gx * gw == 1 else total * (gx * gw)
        if ow:
            values = self.inputs.block(*block.where)
            sums = sum(s * encode(values, scale, spec.lhs, s).sum(axis=2, keepdims=True) for s in signs(spec.lhs))
            result = result + gx * ow * sums
        if ox:
            sums = held.code_sum
            own = sums[block.b0 : block.b1] if isinstance(sums, np.ndarray) and len(sums) > 1 else sums
            result = result + ox * gw * own
        if ox and ow:
            result = result + ox * ow * held.k
        own_scale = held.scale if len(held.scale) == 1 else held.scale[block.b0 : block.b1]
        scales = normal_scales(scale, own_scale, held.scale_extent)
        with np.errstate(over="ignore"):
            decoded: Array = result * (scales.rows * scales.columns)
        return narrowed(rescaled(decoded, scales), self.inputs.dtype)


def _quiet(spec: object) -> NoiseModel:
    return QUIET
