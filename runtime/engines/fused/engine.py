"""The engines "quantized" and "noisy" by compiled kernels; what is beyond those goes to the numpy engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from heliograph.ir.reference.converters import adc_range, carrier, gain_offset, lhs_full_scale
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.engines.analog import AnalogEngine
from heliograph.runtime.engines.call import EngineStats, HeldWeights, KernelCall
from heliograph.runtime.engines.coding import absolute_maximum
from heliograph.runtime.engines.fused.jit import Block, compile_block, host_isa
from heliograph.runtime.engines.fused.lanes import LANES, Isa
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.fused.pack import PackedWeights, pack
from heliograph.runtime.engines.fused.shape import ARGUMENTS, PARAMETERS, Shape
from heliograph.runtime.engines.fused.tasks import Task, cut
from heliograph.runtime.engines.fused.units import Units, choose_units, levels, symbol_share
from heliograph.runtime.engines.noise import NoiseModel, is_drawn
from heliograph.runtime.engines.stream import stream_key

_WORTH_JUDGING = 1 << 18  # partial sums: fewer are drawn sooner than fast fidelity is found to suit
_SMALLEST = 1e-30  # variance of silence: keeps its reciprocal square root finite


class FusedEngine:
    """Both fidelities in registers, block by block on `threads` threads; equal to `numpy` up to rounding.

    Calls without an ADC, in float64, with static beats or with the transfer of modulators are
    computed by `numpy`, and all calls where LLVM fails.
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
        if wide or unusual or not call.spec.adc.bits or not weights.size:
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
        scale = measured if static is None else np.full((1, 1, 1), static)
        result = np.empty((batch, rows, held.columns), np.float32)
        run = _Run(
            compile_block(shape, self._cache),
            shape,
            call,
            inputs,
            held,
            np.ascontiguousarray(scale[:, :, 0], np.float32),
            result,
            _parameters(call, noise, held.units),
            stream_key(self._numpy.seed, "fast" if once else "detect", call.layer),
        )
        tasks = list(cut(batch, rows, held.panels.shape[1], run.row_bytes, row_sums, self._threads))
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
        return result.astype(inputs.dtype, copy=False)

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


def _parameters(call: KernelCall, noise: NoiseModel, units: Units) -> Array:
    spec = call.spec
    adc = adc_range(spec, call.adc_rms)
    (gx, _), (gw, ow) = gain_offset(spec.lhs), gain_offset(spec.rhs)
    scheme = carrier(spec.lhs)
    product = units.light * units.weight
    square = units.light_square * units.weight_square
    steps = spec.adc.repeats * adc.step**2  # variance of a step, before repeats are averaged
    named = {
        "to_steps": 1 / (product * adc.step),
        "c0": noise.c0 / steps + _SMALLEST,
        "c1": noise.c1 / steps / product,
        "c2": noise.c2 / steps / product**2,
        "c3": noise.c3 / steps / square,
        "low": adc.low / adc.step,
        "high": adc.high / adc.step,
        "gain": adc.step * gx * gw / (1 - noise.extinction_floor),
        "code_gain": gx * ow,
        "levels": levels(spec.lhs.bits),
        "add": 1.0 if scheme == "offset" else 0.0,
        "multiply": 0.5 if scheme == "offset" else 1.0,
        "least": -1.0 if scheme == "balanced" else 0.0,
        "floor": noise.extinction_floor,
        "share": symbol_share(spec, noise),
        "light_unit": units.light,
        "square_unit": units.light_square,
    }
    return np.array([named[name] for name in PARAMETERS], np.float32)


class _Run:
    """One call: runs its tasks, from any thread."""

    def __init__(
        self,
        block: Block,
        shape: Shape,
        call: KernelCall,
        inputs: Array,
        held: PackedWeights,
        scales: Array,
        result: Array,
        parameters: Array,
        key: int,
    ) -> None:
        self._block, self._shape, self._call, self._inputs, self._held = block, shape, call, inputs, held
        self._scales, self._result, self._parameters = scales, result, parameters
        self._key = key - (1 << 64) if key >= 1 << 63 else key
        self._width = -(-held.slices * shape.ports // LANES) * LANES
        self._row_items = self._width * shape.kinds * call.spec.lhs.passes
        self._dtype = held.panels.dtype
        self.row_bytes = self._row_items * self._dtype.itemsize

    def __call__(self, task: Task) -> None:
        """Compute the results of one task."""
        held, spec = self._held, self._call.spec
        values, first = self._rows(task)
        light = np.zeros(task.rows * self._row_items, self._dtype)
        sums = np.empty(task.rows, np.float32)
        panels = _entry(held.panels, task.entry)[task.block :]
        columns = slice(task.block * LANES, None)
        scales = self._scales[task.entry if len(self._scales) > 1 else 0]
        column_scales, offsets = (_entry(x, task.entry)[columns] for x in (held.scales, held.offsets))
        stride = values.strides[0] // 4
        named = {
            "inputs": values.ctypes.data - first * stride * 4,
            "input_stride": stride,
            "k": values.shape[1],
            "row": task.row,
            "rows": task.rows,
            "before": spec.vectors,
            "light": light.ctypes.data,
            "width": self._width,
            "code_sums": sums.ctypes.data,
            "weights": panels.ctypes.data,
            "slices": held.slices,
            "lhs_passes": spec.lhs.passes,
            "rhs_parts": held.parts,
            "block": task.block,
            "blocks": task.blocks,
            "columns": held.columns,
            "key": self._key,
            "stream_row": task.entry * self._result.shape[1] + task.row,
            "row_scales": scales.ctypes.data,
            "row_scale_stride": int(len(scales) > 1),
            "column_scales": column_scales.ctypes.data,
            "column_offsets": offsets.ctypes.data,
            "outputs": self._result[task.entry].ctypes.data,
        }
        arguments = np.array([named[name] for name in ARGUMENTS], np.int64)
        self._block(arguments.ctypes.data, self._parameters.ctypes.data)

    def _rows(self, task: Task) -> tuple[Array, int]:
        """Inputs as float32 with contiguous rows, and which row of the entry comes first."""
        first = max(task.row - self._call.spec.vectors, 0) if self._shape.mixed_light else task.row
        values = self._inputs[task.entry, first : task.row + task.rows]
        if values.dtype != np.float32 or values.strides[1] != 4 or values.strides[0] % 4:
            values = np.ascontiguousarray(values, np.float32)
        return values, first


def _entry(array: Array, entry: int) -> Array:
    """An entry of an array whose first axis may be shared by all."""
    part: Array = array[entry if len(array) > 1 else 0]
    return part
