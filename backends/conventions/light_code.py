"""Energy and latency as LightCode (Tomich et al., arXiv 2509.16443) counts them, on a graph of operators.

Read from its public code (RyanTomich/LightCode, lightcode/hardware.py at 2b71d8a; numbers of 8 bit):

- Every result goes through SRAM to each operator that reads it, and through the local memory on either side: electronic
  operators write and read local memory and write SRAM for what they give, and the same in reverse for what they take.
  The photonic unit pays for none of this, and no converter is in the totals; a split is free.
- A constant comes from DRAM once and passes SRAM like a result.
- An electronic operator takes a fixed number of cycles per number of its result and 1 pJ per cycle (`CYCLES`);
  operators not in the table take one cycle. An average takes one cycle per number it reads, but only the energy of its
  result.
- A contraction on light takes ceil(dot products / 20) times their length in cycles of 9.7 GHz, per matrix; on a GPU
  ceil(dot products / 576) times ceil(length / 434) cycles of 1.98 GHz.
- Electronic operators wait for their operands only; contractions on light also for one another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

DRAM_PJ = 8.0
SRAM_PJ = 2.4
LOCAL_PJ = 1.0
LIGHT_MAC_PJ = 0.04
GPU_MAC_PJ = 0.07
CYCLE_PJ = 1.0
LIGHT_HZ = 9.7e9
MULTIPLEX = 20
GPU_HZ = 1.98e9
TENSOR_CORES = 8 * 9 * 2 * 4
CORE_FLOP_PER_CYCLE = 494.7e12 / TENSOR_CORES / GPU_HZ

CONSTANT = "constant"
SPLIT = "Split"
CONTRACTION = "MatMul"
MEAN = "ReduceMean"
CYCLES = {
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Sqrt", "Pow", "Neg", "Transpose", "Cast"), 1),
    **dict.fromkeys(("Tanh", "Sigmoid"), 4),
    "Softmax": 6,
}  # per number of the result, by ONNX operator


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator: its ONNX name or `CONSTANT`, positions of the operators it reads, shape of (one) result."""

    name: str
    reads: tuple[int, ...]
    shape: tuple[int, ...]

    @property
    def numbers(self) -> int:
        """Numbers of its result."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class LightCodeCost:
    """Joule by place, and seconds from the first operator to the last."""

    products: float
    sram: float
    local: float
    dram: float
    elementwise: float
    seconds: float

    @property
    def total(self) -> float:
        """Joule in all."""
        return self.products + self.sram + self.local + self.dram + self.elementwise


def light_code_cost(graph: Sequence[Operator], *, light: bool) -> LightCodeCost:
    """Of one pass; `light`: contractions on the photonic unit, else on the GPU. Operators come after what they read."""
    products = elementwise = sram = local = dram = 0
    for op in graph:
        if op.name == CONTRACTION:
            products += op.numbers * graph[op.reads[0]].shape[-1]
        elif op.name == CONSTANT:
            dram += op.numbers
        else:
            elementwise += _elementwise_cycles(op)
        for source in set(op.reads):
            moved = graph[source].numbers
            given, taken = _is_electronic(graph[source], light), _is_electronic(op, light)
            sram += moved * (given + taken + (graph[source].name == CONSTANT))
            local += moved * 2 * (given + taken)
    return LightCodeCost(
        products=products * (LIGHT_MAC_PJ if light else GPU_MAC_PJ) * 1e-12,
        sram=sram * SRAM_PJ * 1e-12,
        local=local * LOCAL_PJ * 1e-12,
        dram=dram * DRAM_PJ * 1e-12,
        elementwise=elementwise * CYCLE_PJ * 1e-12,
        seconds=_seconds(graph, light),
    )


def _is_electronic(op: Operator, light: bool) -> bool:
    return op.name not in (CONSTANT, SPLIT) and not (light and op.name == CONTRACTION)


def _elementwise_cycles(op: Operator) -> int:
    if op.name == SPLIT:
        return 0
    return op.numbers if op.name == MEAN else op.numbers * CYCLES[op.name] if op.name in CYCLES else 1


def _seconds(graph: Sequence[Operator], light: bool) -> float:
    ends: list[float] = []
    unit_free = 0.0
    for op in graph:
        start = max((ends[source] for source in op.reads), default=0.0)
        if op.name == CONSTANT:
            ends.append(0.0)
        elif op.name == CONTRACTION and light:
            unit_free = max(start, unit_free) + _light_cycles(graph, op) / LIGHT_HZ
            ends.append(unit_free)
        else:
            ends.append(start + _electronic_cycles(graph, op) / GPU_HZ)
    return max(ends, default=0.0)


def _light_cycles(graph: Sequence[Operator], op: Operator) -> int:
    *matrices, rows, columns = op.shape
    return math.prod(matrices) * math.ceil(rows * columns / MULTIPLEX) * graph[op.reads[0]].shape[-1]


def _electronic_cycles(graph: Sequence[Operator], op: Operator) -> int:
    first = graph[op.reads[0]].shape if op.reads else ()
    if op.name == CONTRACTION:
        return math.ceil(op.numbers / TENSOR_CORES) * math.ceil(first[-1] / CORE_FLOP_PER_CYCLE)
    if op.name == MEAN:
        return (first[-1] + 1) * first[-2]
    return _elementwise_cycles(op)
