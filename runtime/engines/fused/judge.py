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

_SPARES = 4  # kept: one for each of a few threads


def compile_judge(isa: Isa, cache: ObjectCache | None) -> Block:
    """The kernel of `Judge`. Raises RuntimeError where LLVM cannot."""
    return compile_module(Key(isa), isa, lambda: build_judge(isa), cache)


class _Found(NamedTuple):
    """What calls with inputs of one shape have in common."""

    places: Places
    shape: tuple[int, int, int]
    rows: int  # of an entry
    read: tuple[Array, ...]  # the kernel knows them by address
    mask: Array  # float32 [E, 16, 1]: 1 for the rows of each entry
    arguments: Array  # addresses of what it writes count from the start of the scratch memory


class Judge:
    """Judges calls of one kernel with the same held operand; may be shared between threads."""

    def __init__(
        self, block: Block, call: KernelCall, noise: NoiseModel, sample: WeightSample, spare: list[Array]
    ) -> None:
        """`spare`: scratch memory, taken from there and put back: fresh pages would cost as much as the kernel."""
        self._block, self._sample, self._spare = block, sample, spare
        self._measured = has_row_scales(call.spec.lhs)
        self._parameters = _numbers(call, noise, sample)
        self._grouped = bool(noise.c1 or noise.c2 or noise.c3)
        ports, passes, parts = call.spec.tile_k, call.spec.lhs.passes, len(sample.signs)
        read, grouped = sample.read, sample.grouped
        groups = -(-len(grouped.weights) // group_slices(ports))
        self._passes, self._entries = passes, read.weights.shape[1]
        self._widths = [cut.weights.shape[3] // parts for cut in (read, grouped)]
        arrays = {
            "normals": normal_table(),
            "read_weights": read.weights,
            "grouped_weights": grouped.weights,
            "grouped_features": sample.features,
        }
        named = {name: array.ctypes.data for name, array in arrays.items()} | {
            "measured": int(self._measured),
            "ports": ports,
            "passes": passes,
            "parts": parts,
            "entries": self._entries,
            "read_count": len(read.weights),
            "read_lit": read.lit,
            "read_width": self._widths[0],
            "grouped_count": len(grouped.weights),
            "grouped_lit": grouped.lit,
            "grouped_width": self._widths[1],
            "groups": groups,
            "group": group_slices(ports),
        }
        self._vectors = (  # of what the kernel writes
            1,
            passes * len(read.ports),
            passes * len(grouped.ports),
            groups * TERMS,
            self._entries * len(FOUND),
        )
        self._arguments = np.array([named.get(name, 0) for name in ARGUMENTS], np.int64)
        self._arguments[_WRITTEN] = np.cumsum((0, *self._vectors[:-1])) * (4 * LANES)
        self._found: _Found | None = None

    def __call__(self, call: KernelCall, inputs: Streamed, scale: float) -> Verdict:
        """`scale`: full scale of the inputs, where rows have none of their own. Raises HG5002 for NaN or infinity."""
        source, places = inputs.float32()
        found = self._found
        if found is None or found.places is not places or found.shape != inputs.shape:
            self._found = found = self._find(inputs, places)
        memory = self._scratch()
        scales = memory[0]
        if not self._measured:
            scales[:] = scale
        arguments = found.arguments.copy()
        arguments[_INPUTS] = source.ctypes.data
        arguments[_WRITTEN] += memory.ctypes.data
        self._block(arguments.ctypes.data, self._parameters.ctypes.data)
        if not math.isfinite(scales.max()):
            raise not_finite(inputs, call.name)
        end = sum(self._vectors)
        out = memory[end - self._vectors[-1] : end].reshape(self._entries, len(FOUND), LANES)
        verdict = self._verdict(np.matmul(out, found.mask), found.rows)
        if len(self._spare) < _SPARES:
            self._spare.append(memory)
        return verdict

    def _scratch(self) -> Array:
        """At least so many vectors as the kernel writes."""
        vectors = sum(self._vectors)
        try:
            memory = self._spare.pop()
        except IndexError:  # other threads have them
            memory = None
        return memory if memory is not None and len(memory) >= vectors else aligned((vectors, LANES), _FLOAT32)

    def _find(self, inputs: Streamed, places: Places) -> _Found:
        """Where the rows of inputs of such a shape lie."""
        sample = self._sample
        entries, rows = sample_positions(inputs, sample)
        starts = np.zeros(LANES, np.int64)
        starts[:] = places.entries[entries.flat[0]] + places.rows[rows.flat[0]]  # also where there are fewer
        starts[: rows.size] = (places.entries[entries] + places.rows[rows]).ravel()
        columns = places.columns, places.columns[sample.read.ports], places.columns[sample.grouped.ports]
        arguments = self._arguments.copy()
        arguments[_READ] = [array.ctypes.data for array in (starts, *columns)]
        arguments[_K], arguments[_ENTRY_ROWS] = inputs.shape[2], rows.shape[1]
        own = np.arange(LANES) // rows.shape[1] == np.arange(len(rows))[:, None]
        mask = own[..., None].astype(np.float32)
        return _Found(places, inputs.shape, rows.shape[1], (starts, *columns), mask, arguments)

    def _verdict(self, sums: Array, rows: int) -> Verdict:
        """From the sums of each entry [E, found, 1] over so many rows."""
        sample = self._sample
        found = dict(zip(FOUND, (sums if len(sums) == 1 else sums.sum(axis=0)).ravel().tolist(), strict=True))
        outputs = self._entries * rows * self._widths[0]
        verdict = Errors(
            outputs,
            found["outside"] / (outputs * readings(sample.read, self._passes, sample)),
            found["error_sum"] / outputs,
            found["square_sum"] / outputs,
            found["rounding_sum"] / outputs,
        ).verdict(sample)
        if verdict is not Verdict.FAST or not self._grouped:
            return verdict
        return grouping_verdict(found["off_sum"] / (self._entries * rows * self._widths[1]))


def _numbers(call: KernelCall, noise: NoiseModel, sample: WeightSample) -> Array:
    """In the order of `PARAMETERS`."""
    scheme, adc = carrier(call.spec.lhs), adc_range(call.spec, call.adc_rms)
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


_FLOAT32 = np.dtype(np.float32)
_INPUTS, _K, _ENTRY_ROWS = map(ARGUMENTS.index, ("inputs", "k", "entry_rows"))
_READ = slice(ARGUMENTS.index("rows"), ARGUMENTS.index("grouped_columns") + 1)
_WRITTEN = slice(ARGUMENTS.index("scales"), ARGUMENTS.index("out") + 1)  # in the order in which they lie in memory
