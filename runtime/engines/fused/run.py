"""One call on a compiled kernel, task by task."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.coding import has_row_scales
from heliograph.runtime.engines.fused.jit import Block
from heliograph.runtime.engines.fused.memory import Scratch, Sizes, aligned, as_int64
from heliograph.runtime.engines.fused.pack import PackedWeights
from heliograph.runtime.engines.fused.shape import ARGUMENTS, PARAMETERS, Shape
from heliograph.runtime.engines.fused.tasks import Task
from heliograph.runtime.windows import LANES, Streamed

_LIGHT_BYTES = 1 << 17  # of a strip: stays in a core's second-level cache
_ARGUMENT = {name: number for number, name in enumerate(ARGUMENTS)}
_PARAMETER = {name: number for number, name in enumerate(PARAMETERS)}


@dataclass(frozen=True)
class Prepared:
    """What calls of one kernel with the same held operand share."""

    call: KernelCall
    block: Block
    arguments: Array  # int64, with what a call adds still zero
    parameters: Array  # float32
    row_units: int  # of light

    @staticmethod
    def of(call: KernelCall, block: Block, shape: Shape, held: PackedWeights, parameters: Array, key: int) -> Prepared:
        """`block` is compiled for `shape`; `key` is that of the normal numbers."""
        quant, ports = call.spec.lhs, held.slices * shape.ports
        light_units = -(-ports // LANES) * LANES // shape.unit_ports
        named = {
            "before": call.spec.vectors if parameters[_PARAMETER["left_unit"]] else 0,
            "measured": has_row_scales(quant),
            "light_units": light_units,
            "weights": held.panels.ctypes.data,
            "weights_stride": _stride(held.panels),
            "slices": held.slices,
            "lhs_passes": quant.passes,
            "rhs_parts": held.parts,
            "columns": held.columns,
            "key": as_int64(key),
            "column_scales": held.scales.ctypes.data,
            "column_scales_stride": _stride(held.scales),
            "column_offsets": held.offsets.ctypes.data,
            "column_offsets_stride": _stride(held.offsets),
        }
        arguments = np.zeros(len(ARGUMENTS), np.int64)
        _write(arguments, named)
        return Prepared(call, block, arguments, parameters, quant.passes * sum(shape.planes) * light_units // 2)


class Run:
    """One call: runs its tasks, from any thread. `result` is what they wrote, of use if `finite`.

    `extent`: the least full scale of a row above zero, 1 if that is less, and the largest.

    `scale`: full scale of the streamed operand where its rows have none of their own. `scratch`: memory of workers,
    which is taken from there and returned.
    """

    def __init__(
        self, prepared: Prepared, held: PackedWeights, inputs: Streamed, scale: float, scratch: list[Scratch]
    ) -> None:
        batch, rows, k = inputs.shape
        self.finite = True
        self._measured = bool(prepared.arguments[_ARGUMENT["measured"]])
        self.extent = (1.0, 0.0) if self._measured else (min(scale, 1.0) or 1.0, scale)
        self._lock = Lock()
        self.result = aligned((batch, rows, held.columns), np.dtype(np.float32))  # vectors straddle no cache lines
        self._block, self._scratch = prepared.block, scratch
        self._parameters = prepared.parameters.copy()
        self._parameters[_PARAMETER["scale"]] = scale
        self._arguments = prepared.arguments.copy()
        strip = max(LANES, min(_LIGHT_BYTES // (4 * prepared.row_units), rows) // LANES * LANES)
        source, places = inputs.float32()
        self._read = source, places, held  # the kernel knows them by address
        own = {
            "inputs": source.ctypes.data,
            "outputs": self.result.ctypes.data,
            "k": k,
            "entry_rows": rows,
            "strip": strip,
        }
        _write(self._arguments, own | places.addresses)
        kept_rows = LANES + -(-self._arguments[_ARGUMENT["before"]] // LANES) * LANES
        self._sizes = Sizes(prepared.row_units * strip, int(kept_rows) * (k + LANES), strip, strip)

    def __call__(self, task: Task) -> None:
        """Compute the results of one task."""
        scratch = self._scratch.pop() if self._scratch else Scratch()
        scratch.fit(self._sizes)
        arguments = self._arguments.copy()
        _write(arguments, task._asdict() | scratch.addresses)
        self._block(arguments.ctypes.data, self._parameters.ctypes.data)
        least, largest = scratch.extent
        if not largest < np.inf:
            self.finite = False  # and the scratch holds what must not meet other weights
            return
        self._scratch.append(scratch)
        if self._measured:
            with self._lock:
                self.extent = min(self.extent[0], least), max(self.extent[1], largest)


def _write(arguments: Array, named: dict[str, int]) -> None:
    for name, number in named.items():
        arguments[_ARGUMENT[name]] = number


def _stride(array: Array) -> int:
    """Elements from one entry to the next of an array whose first axis may be shared by all."""
    return array.strides[0] // array.itemsize if len(array) > 1 else 0
