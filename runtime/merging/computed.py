"""Constants that regions compute when a program is loaded, as weights: a session can then keep and pack them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from heliograph.ir.core import Op, TensorType, Value
from heliograph.ir.dialects import WeightRef
from heliograph.ir.program.dtypes import expected_dtype
from heliograph.ir.weights import Array, Weights, WeightSource

Compute = Callable[[Value], Array]  # the value of a constant, at the cost of computing it


def with_computed(
    sources: Mapping[Value, Op], weights: Weights, compute: Compute
) -> tuple[Mapping[Value, Op], Weights]:
    """The sources and weights of a program in which what regions compute are weights too, each of its own name."""
    found, known = dict(sources), Weights()
    for name in weights:
        known.add(name, weights.source(name))
    for value, op in sources.items():
        size = _nbytes(value)
        if op.name == "electronic.region" and size is not None:
            name = _fresh(f"{op.loc}.{value.name or 'computed'}", known)
            known.add(name, WeightSource(partial(compute, value), size))
            ref = {"ref": WeightRef(name)}
            found[value] = Op("helio.weight", [], [value.type], ref, loc=op.loc, result_names=[value.name])
    return found, known


def _nbytes(value: Value) -> int | None:
    """Bytes of a tensor of fixed size; None for all else."""
    dtype = expected_dtype(value.type)
    count = value.type.numel if isinstance(value.type, TensorType) else None
    if dtype is None or dtype.hasobject or count is None or not count.is_constant:
        return None
    return int(count) * dtype.itemsize


def _fresh(name: str, weights: Weights) -> str:
    number, free = 0, name
    while free in weights:
        number += 1
        free = f"{name}.{number}"
    return free
