"""The engines "quantized" and "noisy" by compiled kernels; what is beyond those goes to the numpy engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from heliograph.ir.reference.converters import adc_range, carrier, lhs_full_scale
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.engines.analog import AnalogEngine
from heliograph.runtime.engines.call import EngineStats, HeldWeights, KernelCall
from heliograph.runtime.engines.coding import absolute_maximum, narrowed, normal_scales, rescaled, times_powers
from heliograph.runtime.engines.fused.jit import compile_block, host_isa
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.fused.pack import PackedWeights, pack
from heliograph.runtime.engines.fused.parameters import parameters
from heliograph.runtime.engines.fused.run import Run
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.tasks import cut
from heliograph.runtime.engines.fused.units import Units, choose_units, codes_add_up
from heliograph.runtime.engines.noise import NoiseModel, is_drawn
from heliograph.runtime.engines.stream import stream_key

_WORTH_JUDGING = 1 << 18  # partial sums: fewer are drawn sooner than fast fidelity is found to suit


class FusedEngine:
    """Both fidelities in registers, block by block on `threads` threads; equal to `numpy` up to rounding.

    Calls without an ADC or with one of more than 22 bits, in float64, with static beats or with the transfer of
    modulators are computed by `numpy`, and all calls where LLVM fails.
    """

    def __init__(
        self, numpy: AnalogEngine, *, threads: int, isa: Isa | None = None, cache: ObjectCache | None = None
    ) -> None:
        self._numpy = numpy
        self._isa = isa or host_isa()
        self._threads = threads
        self._cache = cache
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    @property
    def stats(self) -> EngineStats:
        """What both engines did."""
        return self._numpy.stats

    def hold(self, call: KernelCall, weights: Array) -> HeldWeights:
        """Quantize the operand, write it into weight tiles and lay it out for the kernel."""
        held = self._numpy.hold(call, weights)
        noise = self._numpy.noise_of(call.spec)
        wide = work_dtype(weights.dtype) == np.float64
        unusual = bool(noise.beat) or noise.modulator != "ideal"
        if wide or unusual or not weights.size or not codes_add_up(call.spec.adc.bits, held.slices):
            return held
        real = noise.weight_sigma > 0 or bool(np.any(noise.leak))
        largest = max(float(np.abs(part.light).max()) for part in held.parts)
        units = choose_units(self._isa, call.spec, noise, adc_range(call.spec, call.adc_rms), real, largest)
        try:
            compile_block(self._shape(call, noise, units, once=self._numpy.fast), self._cache)
        except RuntimeError:
            return held
        return pack(held, call.spec, noise, units, sumsq=bool(noise.c3), sampled=self._numpy.fast)

    def multiply(self, call: KernelCall, inputs: Array, held: HeldWeights) -> Array:
        """Stream the inputs through the tiles. Raises HG5002 for NaN or infinity."""
        if not isinstance(held, PackedWeights):
            return self._numpy.multiply(call, inputs, held)
        batch, rows, _ = inputs.shape
        noise = self._numpy.noise_of(call.spec)
        row_sums = held.slices * held.columns * call.spec.lhs.passes * held.parts
        small = batch * rows * row_sums < _WORTH_JUDGING
        once = held.sample is not None and not small and self._numpy.may_be_fast(call, inputs, held.sample)
        shape = self._shape(call, noise, held.units, once=once)
        measured = absolute_maximum(inputs, call.spec.lhs, 2, call.name, "streamed values")
        static = lhs_full_scale(call.spec.lhs, call.lhs_scale)
        scale = measured if static is None else np.full((1, 1, 1), static, np.float32)
        scales, streamed = normal_scales(scale, held.scales[:, None], held.scale_extent), inputs
        if scales.row_powers is not None:
            held = replace(held, scales=scales.columns[:, 0])
            streamed = times_powers(inputs.astype(np.float32), -scales.row_powers)
        result = np.empty((batch, rows, held.columns), np.float32)
        run = Run(
            compile_block(shape, self._cache),
            shape,
            call,
            streamed,
            held,
            np.ascontiguousarray(scales.rows[:, :, 0], np.float32),
            result,
            parameters(call, noise, held.units),
            stream_key(self._numpy.seed, "fast" if once else "detect", call.layer),
        )
        tasks = list(cut(batch, rows, held.panels.shape[1], run.row_bytes, row_sums, self._threads, run.together))
        if self._pool is None or len(tasks) == 1:
            for task in tasks:
                run(task)
        else:
            list(self._pool.map(run, tasks))
        self.stats.calls += 1
        self.stats.fused_calls += 1
        self.stats.fast_calls += once
        self.stats.exact_for_size += held.sample is not None and small
        self.stats.partial_sums += 0 if once else batch * rows * row_sums
        return narrowed(rescaled(result, scales), inputs.dtype)

    def _shape(self, call: KernelCall, noise: NoiseModel, units: Units, *, once: bool) -> Shape:
        spec = call.spec
        real = noise.weight_sigma > 0 or bool(np.any(noise.leak))
        signed = "balanced" in (carrier(spec.lhs), carrier(spec.rhs)) or real
        total = bool(noise.c1 or noise.c2)
        return Shape(
            isa=self._isa,
            ports=spec.tile_k,
            integers=units.integers,
            drawn=is_drawn(noise),
            once=once,
            total=total,
            own_total=total and signed,
            signed_light=carrier(spec.lhs) == "balanced",
            sumsq=bool(noise.c3),
            rounded_codes=bool(spec.lhs.bits),
            mixed_light=units.mixed_light,
        )
