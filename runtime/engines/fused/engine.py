"""The engines "quantized" and "noisy" by compiled kernels; what is beyond those goes to the numpy engine."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from weakref import WeakKeyDictionary

import numpy as np

from heliograph.ir.reference.converters import adc_range, carrier, lhs_full_scale
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.engines.analog import AnalogEngine
from heliograph.runtime.engines.call import EngineStats, HeldWeights, KernelCall
from heliograph.runtime.engines.coding import (
    Scales,
    are_normal,
    full_scale,
    narrowed,
    normal_scales,
    not_finite,
    rescaled,
    streamed_maximum,
    times_powers,
)
from heliograph.runtime.engines.fused.fold import can_fold, fold
from heliograph.runtime.engines.fused.jit import Block, compile_block, compile_module, host_isa
from heliograph.runtime.engines.fused.judge import Judge, compile_judge
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.fused.lay_out import compile_lay_out
from heliograph.runtime.engines.fused.memory import Scratch
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.fused.once.kernel import build_once
from heliograph.runtime.engines.fused.once.pack import OnceWeights, pack_once, signed_weights
from heliograph.runtime.engines.fused.once.run import OnceRun, once_parameters
from heliograph.runtime.engines.fused.once.shape import OnceShape
from heliograph.runtime.engines.fused.once.units import choose_once_units
from heliograph.runtime.engines.fused.pack import PackedWeights, pack
from heliograph.runtime.engines.fused.parameters import parameters
from heliograph.runtime.engines.fused.run import Prepared, Run
from heliograph.runtime.engines.fused.setting import compile_setting
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.tasks import Task, cut
from heliograph.runtime.engines.fused.units import Units, choose_units, codes_add_up, largest_weight
from heliograph.runtime.engines.fused.workers import Workers
from heliograph.runtime.engines.noise import NoiseModel, has_real_weights, is_drawn
from heliograph.runtime.engines.setting import set_tiles
from heliograph.runtime.engines.stream import stream_key
from heliograph.runtime.engines.suits import Verdict
from heliograph.runtime.windows import Streamed, WindowPlan, as_streamed, whole

_Compute = Callable[[Streamed, PackedWeights, float], Run | OnceRun]  # with the full scale of all rows
# Partial sums: fewer are drawn sooner than fast fidelity is found to suit. On one core with VNNI exact takes 0.13 to
# 0.26 ms at 2**17 of them, judging and drawing once 0.16 to 0.29; at 2**18, 0.20 to 0.50 and 0.17 to 0.48; at 2**19,
# 0.40 and 0.28. Medians of seven, ten shapes from 1 x 1024 x 1024 to 512 x 27 x 32, ADCs of 5.4 and 8 bits.
_WORTH_JUDGING = 1 << 18


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
        self._workers = Workers(threads)
        self._cache = cache
        self._prepared: WeakKeyDictionary[PackedWeights, dict[bool, Prepared]] = WeakKeyDictionary()
        self._judges: WeakKeyDictionary[PackedWeights, tuple[KernelCall, Judge]] = WeakKeyDictionary()
        self._spare: list[Array] = []  # scratch memory of judges
        self._scratch: dict[bool, list[Scratch]] = {True: [], False: []}  # of integers, of float32

    @property
    def stats(self) -> EngineStats:
        """What both engines did."""
        return self._numpy.stats

    def hold(self, call: KernelCall, weights: Array) -> HeldWeights:
        """Quantize the operand, write it into weight tiles and lay it out for the kernel."""
        spec, noise = call.spec, self._numpy.noise_of(call.spec)
        wide = work_dtype(weights.dtype) == np.float64
        unusual = bool(noise.beat) or noise.modulator != "ideal"
        if wide or unusual or not weights.size or not codes_add_up(spec.adc.bits, -(-weights.shape[1] // spec.tile_k)):
            return self._numpy.hold(call, weights)
        real = has_real_weights(noise)
        adc = adc_range(spec, call.adc_rms)
        units = choose_units(self._isa, spec, noise, adc, real, largest_weight(noise))
        sliced_shape = self._shape(call, noise, units, once=False)
        try:
            block = compile_lay_out(sliced_shape, self._cache)
            setting = compile_setting(self._isa, self._cache) if real else set_tiles
            writer = self._numpy.writer(call, weights, setting)
            if not self._numpy.fast:
                compile_block(sliced_shape, self._cache)
                return pack(writer, spec, noise, units, sliced_shape, block, self._workers.map)
            held = writer.held()
            written = signed_weights(held)
            once_units = choose_once_units(self._isa, spec, adc, real, float(np.abs(written).max()))
            shape = OnceShape.of(self._isa, spec, noise, once_units)
            self._once_block(shape)
            compile_judge(self._isa, self._cache)
        except RuntimeError:
            return self._numpy.hold(call, weights)
        sliced = pack(held, spec, noise, units, sliced_shape, block, self._workers.map)
        return pack_once(held, written, sliced, (spec, noise), shape, once_units)

    def multiply(self, call: KernelCall, inputs: Array | Streamed, held: HeldWeights) -> Array:
        """Stream the inputs through the tiles. Raises HG5002 for NaN or infinity."""
        inputs = as_streamed(inputs)
        if isinstance(held, OnceWeights):
            return self._fast(call, inputs, held)
        if isinstance(held, PackedWeights):
            return self._sliced(call, inputs, held, self._scale(call, inputs), once=False)
        return self._numpy.multiply(call, inputs, held)

    def _fast(self, call: KernelCall, inputs: Streamed, held: OnceWeights) -> Array:
        """One product and one draw, where that suits the call."""
        batch, rows, _ = inputs.shape
        if batch * rows * held.sliced.row_sums(call.spec) < _WORTH_JUDGING:
            self.stats.exact_for_size += 1
            return self._sliced(call, inputs, held.sliced, self._scale(call, inputs), once=False)
        scale = self._scale(call, inputs)
        found = self._judge(call, inputs, held, scale)
        found.count(self.stats, call.layer)
        if found is not Verdict.FAST:
            return self._sliced(call, inputs, held.sliced, scale, once=found.is_fast)

        def run(streamed: Streamed, sliced: PackedWeights, scale: float) -> OnceRun:
            return self._run_once(call, streamed, replace(held, sliced=sliced), scale)

        result = self._result(call, inputs, held.sliced, scale, run)
        self._count(fast=True)
        return result

    def _run_once(self, call: KernelCall, inputs: Streamed, held: OnceWeights, scale: float) -> OnceRun:
        spec, noise = call.spec, self._numpy.noise_of(call.spec)
        shape = OnceShape.of(self._isa, spec, noise, held.units)
        numbers = once_parameters(call, noise, held.units, held.sliced.slices * held.sliced.parts * spec.lhs.passes)
        key = stream_key(self._numpy.seed, "fast", call.layer)
        run = OnceRun(self._once_block(shape), shape, spec.vectors, inputs, held, scale, numbers, key)
        self._work(run, list(run.tasks(held.sliced.row_sums(spec), self._workers.count)))
        return run

    def _once_block(self, shape: OnceShape) -> Block:
        return compile_module(shape, shape.isa, lambda: build_once(shape), self._cache)

    def _judge(self, call: KernelCall, inputs: Streamed, held: OnceWeights, scale: float) -> Verdict:
        """Whether one draw per output suits a call; as `AnalogEngine.judge`."""
        if not inputs.size:
            return Verdict.FAST
        known = self._judges.get(held.sliced)
        if known is None or known[0] != call:
            noise = self._numpy.noise_of(call.spec)
            known = call, Judge(compile_judge(self._isa, self._cache), call, noise, held.sample, self._spare)
            self._judges[held.sliced] = known
        return known[1](call, inputs, scale)

    def _sliced(self, call: KernelCall, inputs: Streamed, held: PackedWeights, scale: float, *, once: bool) -> Array:
        """Slice by slice; a draw for each, or `once`."""
        batch, rows, _ = inputs.shape
        result = self._result(call, inputs, held, scale, partial(self._run, call, once=once))
        self._count(fast=once)
        self.stats.fast_by_products += once
        self.stats.partial_sums += 0 if once else batch * rows * held.row_sums(call.spec)
        return result

    def _result(self, call: KernelCall, inputs: Streamed, held: PackedWeights, scale: float, run: _Compute) -> Array:
        """What `run` computes; powers of two go by the converters where products of scales are beyond float32.

        Raises HG5002 for NaN or infinity.
        """
        done = run(inputs, held, scale)
        if not done.finite:
            raise not_finite(inputs, call.name)
        result = done.result
        if not are_normal(done.extent, held.scale_extent, np.float32):
            streamed, columns, scales = self._apart(call, inputs, held)
            result = rescaled(run(streamed, columns, float(scales.rows.flat[0])).result, scales)
        return narrowed(result, inputs.dtype)

    def _count(self, *, fast: bool) -> None:
        self.stats.calls += 1
        self.stats.fused_calls += 1
        self.stats.fast_calls += fast

    def fold(self, matrix: Array, plan: WindowPlan) -> Array:
        """The tensor into which the map of a scatter adds a result."""
        if can_fold(matrix):
            try:
                return fold(matrix, plan, self._isa, self._cache)
            except RuntimeError:  # LLVM cannot
                pass
        return self._numpy.fold(matrix, plan)

    def _apart(self, call: KernelCall, inputs: Streamed, held: PackedWeights) -> tuple[Streamed, PackedWeights, Scales]:
        """Operands of mantissas of their scales, and the powers of two that are left for the result."""
        rows = full_scale(inputs, call.spec.lhs, call.lhs_scale, call.name)
        scales = normal_scales(rows, held.scales[:, None], held.scale_extent)
        assert scales.row_powers is not None
        streamed = Streamed(times_powers(whole(inputs).astype(np.float32), -scales.row_powers))
        return streamed, replace(held, scales=scales.columns[:, 0]), scales

    def _run(self, call: KernelCall, inputs: Streamed, held: PackedWeights, scale: float, *, once: bool) -> Run:
        """Compute a call. `scale`: full scale of the streamed operand, where its rows have none of their own."""
        batch, rows, _ = inputs.shape
        run = Run(self._prepare(call, held, once=once), held, inputs, scale, self._scratch[held.units.integers])
        self._work(run, list(cut(batch, rows, held.panels.shape[1], held.row_sums(call.spec), self._workers.count)))
        return run

    def _work(self, run: Callable[[Task], None], tasks: Sequence[Task]) -> None:
        if len(tasks) == 1:
            run(tasks[0])
        else:
            deque(self._workers.map(run, tasks), maxlen=0)

    def _prepare(self, call: KernelCall, held: PackedWeights, *, once: bool) -> Prepared:
        """The kernel of a call, with what is the same whenever this operand is held."""
        known = self._prepared.setdefault(held, {})
        found = known.get(once)
        if found is None or found.call != call:
            noise = self._numpy.noise_of(call.spec)
            shape = self._shape(call, noise, held.units, once=once)
            block = compile_block(shape, self._cache)
            key = stream_key(self._numpy.seed, "fast" if once else "detect", call.layer)
            known[once] = found = Prepared.of(call, block, shape, held, parameters(call, noise, held.units, shape), key)
        return found

    def _scale(self, call: KernelCall, inputs: Streamed) -> float:
        """Full scale of all rows; of no meaning where each row is measured by the kernel."""
        static = lhs_full_scale(call.spec.lhs, call.lhs_scale)
        if static is None and call.spec.lhs.axis == "tensor":
            static = streamed_maximum(inputs, call.spec.lhs, call.name).item()
        return 0.0 if static is None else static

    def _shape(self, call: KernelCall, noise: NoiseModel, units: Units, *, once: bool) -> Shape:
        spec = call.spec
        signed = "balanced" in (carrier(spec.lhs), carrier(spec.rhs)) or has_real_weights(noise)
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
            bytes_suffice=units.bytes_suffice,
            rounded_codes=bool(spec.lhs.bits),
            mixed_light=units.mixed_light,
        )
