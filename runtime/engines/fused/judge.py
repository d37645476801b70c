"""Whether fast fidelity suits a call, by the kernel of `judge_kernel`: the verdict of `suits` in less time."""

from __future__ import annotations

import numpy as np

from heliograph.ir.reference.converters import adc_range, carrier
from heliograph.ir.weights import Array
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import has_row_scales, not_finite
from heliograph.runtime.engines.fused.jit import Block, compile_module
from heliograph.runtime.engines.fused.judge_kernel import ARGUMENTS, FOUND, PARAMETERS, Key, build_judge
from heliograph.runtime.engines.fused.lanes import LANES, Isa
from heliograph.runtime.engines.fused.memory import aligned
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.grouped import TERMS, group_slices
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.engines.sample import WeightSample, sample_positions
from heliograph.runtime.engines.suits import SILENCE, Errors, Verdict, grouping_verdict, normal_table, readings
from heliograph.runtime.windows import Streamed

_GIVEN = ("inputs", "rows", "columns")
_WRITTEN = ("scales", "numbers", "light", "features", "out")


def compile_judge(isa: Isa, cache: ObjectCache | None) -> Block:
    """The kernel of `Judge`. Raises RuntimeError where LLVM cannot."""
    return compile_module(Key(isa), isa, lambda: build_judge(isa), cache)


class Judge:
    """Judges calls of one kernel with the same held operand; may be shared between threads."""

    def __init__(self, block: Block, call: KernelCall, noise: NoiseModel, sample: WeightSample) -> None:
        self._block, self._sample = block, sample
        self._adc = adc_range(call.spec, call.adc_rms)
        self._parameters = self._numbers(call, noise)
        self._grouped = bool(noise.c1 or noise.c2 or noise.c3)
        ports, passes, parts = call.spec.tile_k, call.spec.lhs.passes, len(sample.signs)
        read, grouped = sample.read, sample.grouped
        self._passes, self._entries = passes, read.weights.shape[1]
        starts = np.ascontiguousarray(grouped.starts[:: group_slices(ports)])
        ends = np.minimum(starts + group_slices(ports) * ports, sample.slices * ports)
        self._arrays = {
            "normals": normal_table(),
            "read_slices": read.starts,
            "read_weights": read.weights,
            "group_starts": starts,
            "group_ends": ends,
            "grouped_slices": grouped.starts,
            "grouped_weights": grouped.weights,
            "grouped_features": sample.features,
        }
        named = {name: array.ctypes.data for name, array in self._arrays.items()} | {
            "positions": sample.slices * ports,
            "measured": int(has_row_scales(call.spec.lhs)),
            "ports": ports,
            "passes": passes,
            "parts": parts,
            "entries": self._entries,
            "read_count": len(read.starts),
            "read_width": read.weights.shape[3] // parts,
            "groups": len(starts),
            "grouped_count": len(grouped.starts),
            "grouped_width": grouped.weights.shape[3] // parts,
        }
        self._named = named
        self._arguments = np.array([named.get(name, 0) for name in ARGUMENTS], np.int64)

    def __call__(self, call: KernelCall, inputs: Streamed, scale: float) -> Verdict:
        """`scale`: full scale of the inputs, where rows have none of their own. Raises HG5002 for NaN or infinity."""
        entries, rows = sample_positions(inputs, self._sample)
        own, k, named = rows.shape[1], inputs.shape[2], self._named
        source, places = inputs.float32()
        starts = np.zeros(LANES, np.int64)
        starts[:] = places.entries[entries.flat[0]] + places.rows[rows.flat[0]]
        starts[: rows.size] = (places.entries[entries] + places.rows[rows]).ravel()
        vectors = (1, k, self._passes * named["positions"], named["groups"] * TERMS, self._entries * len(FOUND))
        memory = aligned((sum(vectors), LANES), np.dtype(np.float32))
        memory[0] = scale
        places_of = np.cumsum((0, *vectors[:-1])) * (4 * LANES) + memory.ctypes.data
        arguments = self._arguments.copy()
        arguments[: len(_GIVEN)] = source.ctypes.data, starts.ctypes.data, places.columns.ctypes.data
        arguments[len(_GIVEN) : len(_GIVEN) + len(_WRITTEN)] = places_of
        arguments[_K], arguments[_ROWS] = k, own
        self._block(arguments.ctypes.data, self._parameters.ctypes.data)
        if not np.isfinite(memory[0, : rows.size]).all():
            raise not_finite(inputs, call.name)
        return self._verdict(memory[-vectors[-1] :].reshape(self._entries, len(FOUND), LANES), own)

    def _verdict(self, out: Array, rows: int) -> Verdict:
        sample = self._sample
        total = np.zeros(len(FOUND))
        for entry, found in enumerate(out):
            total += found[:, entry * rows : (entry + 1) * rows].sum(axis=1)
        found = dict(zip(FOUND, total.tolist(), strict=True))
        outputs = self._entries * rows * self._named["read_width"]
        verdict = Errors(
            outputs,
            found["outside"] / (outputs * readings(sample.read, self._passes, sample)),
            found["error_sum"] / outputs,
            found["square_sum"] / outputs,
            found["rounding_sum"] / outputs,
        ).verdict(sample)
        if verdict is not Verdict.FAST or not self._grouped:
            return verdict
        return grouping_verdict(found["off_sum"] / (self._entries * rows * self._named["grouped_width"]))

    def _numbers(self, call: KernelCall, noise: NoiseModel) -> Array:
        scheme, adc, sample = carrier(call.spec.lhs), self._adc, self._sample
        factor = 1 / (call.spec.adc.repeats * adc.step**2)
        read, grouped = (readings(cut, call.spec.lhs.passes, sample) for cut in (sample.read, sample.grouped))
        named = {
            "shift": float(scheme == "offset"),
            "slope": 0.5 if scheme == "offset" else 1.0,
            "least": -1.0 if scheme in ("balanced", "two-pass") else 0.0,
            "least_first": -1.0 if scheme == "balanced" else 0.0,
            "levels": 2.0**call.spec.lhs.bits - 1,
            "floor": noise.extinction_floor,
            "lit": 1 - noise.extinction_floor,
            "c0": noise.c0 * factor,
            "c1": noise.c1 * factor,
            "c2": noise.c2 * factor,
            "c3": noise.c3 * factor,
            "factor": factor,
            "to_steps": 1 / adc.step,
            "low": adc.low / adc.step,
            "high": adc.high / adc.step,
            "read_constant": read / 12,
            "grouped_constant": grouped / 12 + SILENCE,
            "grouped_c0": grouped * noise.c0 * factor,
        }
        return np.array([named[name] for name in PARAMETERS], np.float32)


_K, _ROWS = (ARGUMENTS.index(name) for name in ("k", "entry_rows"))
