"""Engine "ideal": the product as an exact machine computes it, accumulated in float32 or wider."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.access import scatter_bound
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.engines.call import EngineStats, HeldWeights, KernelCall
from heliograph.runtime.engines.coding import narrowed
from heliograph.runtime.windows import Streamed, WindowPlan, whole


@dataclass(frozen=True)
class Matrix:
    """The operand as it is, in the dtype of the arithmetic."""

    array: Array
    nbytes: int


class IdealEngine:
    """`numpy.matmul`."""

    def __init__(self) -> None:
        self.stats = EngineStats()

    def hold(self, call: KernelCall, weights: Array) -> Matrix:
        """Convert narrow types; leave wide ones alone."""
        wide = weights.astype(work_dtype(weights.dtype), copy=False)
        return Matrix(wide, 0 if wide is weights else wide.nbytes)

    def multiply(self, call: KernelCall, inputs: Array | Streamed, held: HeldWeights) -> Array:
        """One matrix product per batch entry."""
        assert isinstance(held, Matrix)
        self.stats.calls += 1
        return exact_product(whole(inputs), held.array)

    def fold(self, matrix: Array, plan: WindowPlan) -> Array:
        """The tensor into which the map of a scatter adds a result."""
        return scatter_bound(matrix, plan.access, "add", plan.tensor)


def exact_product(inputs: Array, weights: Array) -> Array:
    """Product in the dtype of `inputs`, accumulated in float32 or wider."""
    dtype = work_dtype(inputs.dtype)
    with np.errstate(invalid="ignore", over="ignore"):  # infinities give NaN, as they do on electronics
        product: Array = np.matmul(inputs.astype(dtype, copy=False), weights.astype(dtype, copy=False))
    return narrowed(product, inputs.dtype)
