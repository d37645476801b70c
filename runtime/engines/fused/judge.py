"""Whether fast fidelity suits a call, by the kernel of `judge_kernel`: the verdict of `suits` in less time."""

from __future__ import annotations

import math
from typing import NamedTuple

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
from heliograph.runtime.windows import Places, Streamed

_SPARE: list[Array] = []  # scratch memory: fresh pages would cost as much as the kernel
_SPARES = 4


def compile_judge(isa: Isa, cache: ObjectCache | None) -> Block:
    """The kernel of `Judge`. Raises RuntimeError where LLVM cannot."""
    return compile_module(Key(isa), isa, lambda: build_judge(isa), cache)


class _Found(NamedTuple):
    """What calls with inputs of one shape have in common."""

    places: Places
    shape: tuple[int, int, int]
    rows: int  # of an entry
    starts: Array  # int64 [16]: of the rows, the first one again where there are fewer
    out: int  # vectors before the sums that the kernel finds
    end: int  # and with them
    mask: Array  # float32 [E, 16, 1]: 1 for the rows of each entry
    arguments: Array  # addresses of what it writes count from the start of the scratch memory


class Judge:
    """Judges calls of one kernel with the same held operand; may be shared between threads."""

    def __init__(self, block: Block, call: KernelCall, noise: NoiseModel, sample: WeightSample) -> None:
        self._block, self._sample = block, sample
        self._measured = has_row_scales(call.spec.lhs)
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
            "measured": int(self._measured),
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

        self._found: _Found | None = None

    def __call__(self, call: KernelCall, inputs: Streamed, scale: float) -> Verdict:
        """`scale`: full scale of the inputs, where rows have none of their own. Raises HG5002 for NaN or infinity."""
        source, places = inputs.float32()
        found = self._found
        if found is None or found.places is not places or found.shape != inputs.shape:
            self._found = found = self._find(inputs, places)
        memory = _scratch(found.end)
        scales = memory[0]
        if not self._measured:
            scales[:] = scale
        arguments = found.arguments.copy()
        arguments[_INPUTS] = source.ctypes.data
        arguments[_WRITTEN] += memory.ctypes.data
        self._block(arguments.ctypes.data, self._parameters.ctypes.data)
        if not math.isfinite(scales.max()):
            raise not_finite(inputs, call.name)
        out = memory[found.out : found.end].reshape(self._entries, len(FOUND), LANES)
        verdict = self._verdict(np.matmul(out, found.mask), found.rows)
        if len(_SPARE) < _SPARES:
            _SPARE.append(memory)
        return verdict

    def _find(self, inputs: Streamed, places: Places) -> _Found:
        """Where the rows of inputs of such a shape lie."""
        entries, rows = sample_positions(inputs, self._sample)
        k, named = inputs.shape[2], self._named
        starts = np.zeros(LANES, np.int64)
        starts[:] = places.entries[entries.flat[0]] + places.rows[rows.flat[0]]
        starts[: rows.size] = (places.entries[entries] + places.rows[rows]).ravel()
        vectors = (1, k, self._passes * named["positions"], named["groups"] * TERMS, self._entries * len(FOUND))
        arguments = self._arguments.copy()
        arguments[_ROWS], arguments[_COLUMNS] = starts.ctypes.data, places.columns.ctypes.data
        arguments[_WRITTEN] = np.cumsum((0, *vectors[:-1])) * (4 * LANES)
        arguments[_K], arguments[_ENTRY_ROWS] = k, rows.shape[1]
        own = np.arange(LANES) // rows.shape[1] == np.arange(len(rows))[:, None]
        mask = own[..., None].astype(np.float32)
        end = sum(vectors)
        return _Found(places, inputs.shape, rows.shape[1], starts, end - vectors[-1], end, mask, arguments)

    def _verdict(self, sums: Array, rows: int) -> Verdict:
        """From the sums of each entry [E, found, 1] over so many rows."""
        sample = self._sample
        found = dict(zip(FOUND, (sums if len(sums) == 1 else sums.sum(axis=0)).ravel().tolist(), strict=True))
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


def _scratch(vectors: int) -> Array:
    """At least so many vectors, to be put back into `_SPARE`."""
    try:
        memory = _SPARE.pop()
    except IndexError:  # other threads have them
        memory = None
    return memory if memory is not None and len(memory) >= vectors else aligned((vectors, LANES), np.dtype(np.float32))


_INPUTS, _ROWS, _COLUMNS, _K, _ENTRY_ROWS = map(ARGUMENTS.index, ("inputs", "rows", "columns", "k", "entry_rows"))
_WRITTEN = slice(ARGUMENTS.index("scales"), ARGUMENTS.index("out") + 1)  # in the order in which they lie in memory
