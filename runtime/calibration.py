"""Measure the contractions of a program on sample inputs, for the compiler to choose scales and ranges by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from heliograph.ir.core import Op, SymbolRef, Value, walk
from heliograph.ir.dialects import AccessMap, IterSpace
from heliograph.ir.kernel import KernelView
from heliograph.ir.statistics import LayerStatistics
from heliograph.ir.weights import Weights
from heliograph.runtime.access import gather
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.executor import Executor

Array = npt.NDArray[Any]
_ROWS = 4096  # rows of the streamed operand that the rms is estimated from, evenly spaced


def collect_statistics(module: Op, weights: Weights, samples: Mapping[str, Array]) -> dict[str, LayerStatistics]:
    """Run a module of the tiled level on `samples` at full precision and measure every contraction.

    Returns statistics by source name of the contraction; a name that occurs twice keeps the larger numbers.
    Raises HeliographError HG1202..HG1204 for samples that do not fit the model's inputs.
    """
    tiles = {f.sym_name: KernelView.of(f).spec.tile_k for f in module.body.ops if _is_kernel(f)}
    producers = {r: op for op in walk(module) for r in op.results}
    matrices: dict[Value, Array] = {}
    found: dict[str, LayerStatistics] = {}

    def watch(op: Op, name: str, value: Array) -> None:
        if op.name == "tile.gather":
            matrices[op.result] = value
        elif op.name == "func.call":
            callee = op.attributes["callee"]
            assert isinstance(callee, SymbolRef)
            x, w = (matrices[v] if v in matrices else _constant(v, producers, executor) for v in op.operands)
            matrices.clear()
            seen = found.get(op.loc, LayerStatistics(0.0, 0.0, 0.0))
            new = measure(x, w, tiles[callee.name])
            found[op.loc] = LayerStatistics(*(max(a, b) for a, b in zip(astuple(new), astuple(seen), strict=True)))

    executor = Executor(module, weights, engine="ideal", observer=watch)
    executor.run(samples)
    return found


def _is_kernel(op: Op) -> bool:
    return op.name == "func.func" and op.sym_name != "main"


def _constant(value: Value, producers: Mapping[Value, Op], executor: Executor) -> Array:
    """A gathered weight; the executor keeps those for itself."""
    op = producers[value]
    space, index = op.attributes["space"], op.attributes["map"]
    assert isinstance(space, IterSpace)
    assert isinstance(index, AccessMap)
    own = replace(space, m=())  # a weight does not depend on the streamed rows, whose number may be symbolic
    return gather(executor.constant(op.operands[0]), own, index, "rhs", {})


def measure(x: Array, w: Array, tile_k: int) -> LayerStatistics:
    """Of x[B, M, K] and w[B, K, N]: largest |x|, and rms of partial sums of `tile_k` ports with either way of scaling
    the inputs."""
    absmax = float(np.abs(x).max(initial=0.0))
    if absmax == 0.0 or not np.isfinite(absmax) or not np.isfinite(w).all():
        return LayerStatistics(absmax, 0.0, 0.0)
    dtype = work_dtype(x.dtype)
    rows = x[:, :: max(1, x.shape[1] // _ROWS)].astype(dtype)
    held = _scaled(w.astype(dtype), axis=1)
    static = _slice_rms(rows / dtype.type(absmax), held, tile_k)
    return LayerStatistics(absmax, static, _slice_rms(_scaled(rows, axis=2), held, tile_k))


def _scaled(matrix: Array, axis: int) -> Array:
    largest = np.abs(matrix).max(axis=axis, keepdims=True)
    scaled: Array = matrix / np.where(largest > 0, largest, largest.dtype.type(1))
    return scaled


def _slice_rms(x: Array, w: Array, tile_k: int) -> float:
    total, count = 0.0, 0
    for start in range(0, x.shape[2], tile_k):
        part = x[:, :, start : start + tile_k] @ w[:, start : start + tile_k]
        total += float(np.square(part, dtype=np.float64).sum())
        count += part.size
    return float(np.sqrt(total / count))
