"""One call of fast fidelity on its compiled kernel, task by task."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from heliograph.ir.reference.converters import adc_range, gain_offset
from heliograph.ir.weights import Array
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import extent
from heliograph.runtime.engines.fused.jit import Block
from heliograph.runtime.engines.fused.lanes import LANES
from heliograph.runtime.engines.fused.memory import aligned, as_int64
from heliograph.runtime.engines.fused.once.pack import OnceWeights
from heliograph.runtime.engines.fused.once.shape import ARGUMENTS, NARROW, PARAMETERS, TILINGS, OnceShape
from heliograph.runtime.engines.fused.once.units import OnceUnits
from heliograph.runtime.engines.fused.tasks import Task, cut
from heliograph.runtime.engines.fused.units import symbol_share
from heliograph.runtime.engines.noise import NoiseModel
from heliograph.runtime.windows import Streamed

_SCRATCH_BYTES = 1 << 17  # of a block of rows: stays in a core's second-level cache beside a panel's weights
_LINE = 64
_NULL = dict.fromkeys(("run_counts", "run_places", "run_masks", "lines"), 0)


def once_parameters(call: KernelCall, noise: NoiseModel, units: OnceUnits, readings: int) -> Array:
    """In the order of `PARAMETERS`; an output sums up so many `readings` of the ADC."""
    spec = call.spec
    (gx, _), (gw, ow) = gain_offset(spec.lhs), gain_offset(spec.rhs)
    one = noise.c0 / spec.adc.repeats + adc_range(spec, call.adc_rms).step ** 2 / 12
    named = {
        "gain": gx * gw / (units.light * units.weight),
        "code_gain": gx * ow,
        "spread": readings * one * (gx * gw / (1 - noise.extinction_floor)) ** 2,
        "levels": units.light,
        "floor": noise.extinction_floor * units.light,
        "lit": 1 - noise.extinction_floor,
        "share": symbol_share(spec, noise),
    }
    return np.array([named[name] for name in PARAMETERS], np.float32)


class OnceRun:
    """One call: runs its tasks, from any thread."""

    def __init__(
        self,
        block: Block,
        shape: OnceShape,
        vectors: int,
        inputs: Streamed,
        held: OnceWeights,
        scale: float,
        parameters: Array,
        key: int,
    ) -> None:
        """`vectors`: rows that one symbol carries; `scale`: full scale, where rows have none of their own."""
        batch, rows, self._k = inputs.shape
        self.result = aligned((batch, rows, held.sliced.columns), np.dtype(np.float32))  # no vector straddles lines
        self._scales = np.full((batch, rows if shape.measured else 1), scale, np.float32)
        self._block, self._shape, self._held, self._parameters = block, shape, held, parameters
        self._key = as_int64(key)
        self._before = vectors if shape.mixed else 0
        self._narrow = held.sliced.columns <= NARROW and held.units.chunk % LANES == 0
        self._features = held.features.shape[1] // held.padded_columns
        self._source, self._places = inputs.float32()
        self._arrays = {
            "weights": (held.panels, held.width),
            "weight_features": (held.features, self._features),
            "starts": (held.starts, 1),
            "column_scales": (held.sliced.scales, 1),
            "column_offsets": (held.offsets, 1),
            "row_scales": (self._scales, 0),
            "outputs": (self.result, 0),
        }
        panel = TILINGS[shape.isa].vectors * LANES * 4
        self._feature_width = _whole(self._features)
        sizes = (held.width * shape.element.bytes, 4 * self._feature_width, 4, 4, panel, panel)
        self._sizes = dict(zip(("light", "features", "sums", "scales", "totals", "spreads"), sizes, strict=True))

    @property
    def finite(self) -> bool:
        """Whether all scales are."""
        return bool(np.isfinite(self._scales).all())

    @property
    def extent(self) -> tuple[float, float]:
        """The least scale of a row above zero, 1 if that is less, and the largest."""
        return extent(self._scales)

    def tasks(self, row_sums: int, threads: int) -> Iterator[Task]:
        """All of the call for so many threads. `row_sums`: partial sums of one row."""
        vectors, blocks = TILINGS[self._shape.isa].vectors, self._held.padded_columns // LANES
        batch, rows, _ = self.result.shape
        for task in cut(batch, rows, -(-blocks // vectors), row_sums, threads):
            first = task.block * vectors
            count = min(task.blocks * vectors, blocks - first)
            for entry in range(task.entry, task.entry + task.entries):
                yield Task(entry, 1, task.row, task.rows, first, count)

    def __call__(self, task: Task) -> None:
        """Compute the results of one task."""
        held, before = self._held, self._before
        _, all_rows, columns = self.result.shape
        height = max(_SCRATCH_BYTES // sum(self._sizes.values()) // LANES, 1) * LANES
        height, lead = min(height, _whole(task.rows)), _whole(before)
        named = {
            "inputs": self._source.ctypes.data + 4 * int(self._places.entries[task.entry]),
            "k": self._k,
            "before": before,
            "lead": lead,
            "row": task.row,
            "rows": task.rows,
            "height": height,
            "width": held.width,
            "groups": self._features // max(self._shape.features, 1),
            "feature_width": self._feature_width,
            "chunk": held.units.chunk,
            "narrow": int(self._narrow),
            "panels": task.blocks // TILINGS[self._shape.isa].vectors,
            "blocks": task.blocks % TILINGS[self._shape.isa].vectors,
            "block": task.block,
            "columns": columns,
            "padded_columns": held.padded_columns,
            "key": self._key,
            "entry_row": task.entry * all_rows,
        }
        named |= _NULL | self._places.addresses
        column = task.block * LANES
        for name, (array, step) in self._arrays.items():
            entry = task.entry if len(array) > 1 else 0
            named[name] = array.ctypes.data + entry * array.strides[0] + column * step * array.itemsize
        sizes = {name: (height + lead) * size for name, size in self._sizes.items()}
        numbers = _whole(held.width, LANES * self._shape.element.per_word)
        sizes |= {"numbers": 4 * LANES * numbers, "turned": 4 * LANES * self._feature_width}
        if self._narrow:
            sizes["lines"] = columns * _whole(held.width * self._shape.element.bytes, _LINE)
        scratch, places = _scratch(sizes)
        named |= places
        arguments = np.array([named[name] for name in ARGUMENTS], np.int64)
        self._block(arguments.ctypes.data, self._parameters.ctypes.data)
        del scratch


def _whole(count: int, step: int = LANES) -> int:
    return -(-count // step) * step


def _scratch(sizes: dict[str, int]) -> tuple[Array, dict[str, int]]:
    """Memory for buffers of so many bytes, and the addresses of each; what is read beyond their ends is ignored."""
    lines = {name: -(-size // _LINE) + 1 for name, size in sizes.items()}
    memory = aligned((_LINE * sum(lines.values()),), np.dtype(np.uint8))
    place = memory.ctypes.data
    places = {}
    for name, count in lines.items():
        places[name] = place
        place += count * _LINE
    return memory, places
