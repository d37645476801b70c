"""One call on a compiled kernel, task by task."""

from __future__ import annotations

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.fused.jit import Block
from heliograph.runtime.engines.fused.lanes import LANES
from heliograph.runtime.engines.fused.memory import aligned
from heliograph.runtime.engines.fused.pack import PackedWeights
from heliograph.runtime.engines.fused.shape import ARGUMENTS, Shape, has_narrow_tiles
from heliograph.runtime.engines.fused.tasks import Task
from heliograph.runtime.engines.fused.wide import ROWS

_VECTOR = 64  # bytes


class Run:
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
        self._narrow = has_narrow_tiles(rows=result.shape[1], columns=held.columns)
        self.together = LANES if self._narrow else ROWS

    def __call__(self, task: Task) -> None:
        """Compute the results of one task."""
        held, spec = self._held, self._call.spec
        values, first = self._rows(task)
        light = np.zeros(task.rows * self._row_items + _VECTOR // self._dtype.itemsize, self._dtype)
        turned = aligned(((self.row_bytes + spec.lhs.passes * _VECTOR) * LANES * self._narrow,), np.dtype(np.uint8))
        sums = np.empty(task.rows + LANES, np.float32)
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
            "turned": turned.ctypes.data,
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
