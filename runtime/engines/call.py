"""One call of a GEMM kernel, as the engines see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.weights import Array
from heliograph.runtime.windows import Streamed, WindowPlan


@dataclass(frozen=True)
class KernelCall:
    """``y[b, m, n] = sum_k x[b, m, k] * w[b, k, n]`` by one kernel; `layer` keys its noise, `name` is for messages."""

    spec: KernelSpec
    layer: int = 0
    lhs_scale: float | None = None
    adc_rms: float | None = None
    name: str = ""


@dataclass
class EngineStats:
    """What the engine did, over all calls since it was made."""

    calls: int = 0
    fused_calls: int = 0  # by compiled kernels; the others by numpy, or by torch one operation after the other
    partial_sums: int = 0  # detections simulated one by one
    fast_calls: int = 0  # one draw per output
    fast_by_products: int = 0  # of these, with the variance of all products: sums over groups would be off
    exact_for_saturation: int = 0  # calls that fast mode left to exact mode: the ADC would saturate too often
    exact_for_coarse_steps: int = 0  # likewise: ADC steps too coarse for its error to be noise
    exact_for_size: int = 0  # likewise: so few partial sums that judging would take longer than drawing them
    layers_exact: set[int] = field(default_factory=set)  # layers of the calls that fast mode gave up


class HeldWeights(Protocol):
    """An operand made ready for holding; opaque to the caller, who may keep it for as long as it is constant."""

    @property
    def nbytes(self) -> int:
        """Memory it takes beyond the operand itself."""


class Engine(Protocol):
    """Computes kernel calls. Results depend on the call, the operands and the seed, on nothing else."""

    @property
    def stats(self) -> EngineStats:
        """What it did."""

    def hold(self, call: KernelCall, weights: Array) -> HeldWeights:
        """Prepare w[B, K, N] (a batch stride of 0: one matrix for all)."""

    def multiply(self, call: KernelCall, inputs: Array | Streamed, held: HeldWeights) -> Array:
        """y[B, M, N] from x[B, M, K], an array or rows to be made, and prepared weights."""

    def fold(self, matrix: Array, plan: WindowPlan) -> Array:
        """The tensor into which the map of a scatter adds a result."""


def compute(engine: Engine, call: KernelCall, inputs: Array | Streamed, weights: Array) -> Array:
    """Both steps at once."""
    return engine.multiply(call, inputs, engine.hold(call, weights))
