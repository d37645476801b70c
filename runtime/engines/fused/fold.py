"""Adds up a matrix of partial results into the tensor that a map writes it to, as a transposed convolution does.

The places of rows and columns add up (see `heliograph.runtime.windows`), so each row goes to the same runs of
neighbours from another place on. It takes each number of the matrix once, in order.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir

from heliograph.ir.weights import Array
from heliograph.runtime.access import cropped
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.engines.coding import narrowed
from heliograph.runtime.engines.fused.entry import begin
from heliograph.runtime.engines.fused.jit import compile_module
from heliograph.runtime.engines.fused.lanes import F32, I64, Isa, Value
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.windows import WindowPlan

_FOUR = ir.VectorType(F32, 4)  # neighbours at a time: kernels are a few wide
_POINTERS = (
    "matrix",  # float32 [entries, rows, columns]
    "tensor",  # float32
    "entry_places",  # int64 [entries]
    "row_places",  # int64 [rows]
    "run_places",  # int64 [runs]
    "run_starts",  # int64 [runs]: columns at which neighbours begin
    "run_lengths",  # int64 [runs]
)
_SIZES = ("entries", "rows", "columns", "runs")


class _Key(NamedTuple):
    isa: Isa
    name: str = "fold"


def fold(matrix: Array, plan: WindowPlan, isa: Isa, cache: ObjectCache | None) -> Array:
    """The tensor that a matrix [B, M, N] is added into: of float32, or of a narrower type that is added up in float32.

    Raises RuntimeError where LLVM cannot.
    """
    block = compile_module(_Key(isa), isa, lambda: _build(isa), cache)
    places = plan.places
    starts = np.flatnonzero(np.diff(places.columns, prepend=places.columns[:1] - 2) != 1)
    arrays: dict[str, Array] = {
        "matrix": np.ascontiguousarray(matrix, np.float32),
        "tensor": np.zeros([high - low for low, high in plan.bounds], np.float32),
        "entry_places": places.entries,
        "row_places": places.rows,
        "run_places": places.columns[starts],
        "run_starts": starts,
        "run_lengths": np.diff(starts, append=len(places.columns)),
    }
    entries, rows, columns = matrix.shape
    sizes = {"entries": entries, "rows": rows, "columns": columns, "runs": len(starts)}
    named = {name: array.ctypes.data for name, array in arrays.items()} | sizes
    arguments = np.array([named[name] for name in (*_POINTERS, *_SIZES)], np.int64)
    block(arguments.ctypes.data, 0)
    return narrowed(cropped(arrays["tensor"], plan.bounds, plan.tensor), matrix.dtype)


def can_fold(matrix: Array) -> bool:
    """Whether sums of such numbers are float32."""
    return matrix.size > 0 and matrix.dtype.kind in "fV" and work_dtype(matrix.dtype) == np.float32


def _build(isa: Isa) -> Any:
    module, v, a, _ = begin(isa, (*_POINTERS, *_SIZES), _POINTERS)
    b = v.b

    def number(name: str, index: Value) -> Value:
        return v.load(v.at(a[name], index, I64), I64, 8)

    def one_row(entry: Value, row: Value) -> None:
        first = b.mul(b.add(b.mul(entry, a["rows"]), row), a["columns"])
        source = v.at(a["matrix"], first, F32)
        target = v.at(a["tensor"], b.add(number("entry_places", entry), number("row_places", row)), F32)

        def run(index: Value) -> None:
            start, place, length = (number(f"run_{name}", index) for name in ("starts", "places", "lengths"))

            def add(i: Value, kind: Any) -> None:
                into = v.at(target, b.add(place, i), F32)
                b.store(b.fadd(v.load(into, kind), v.load(v.at(source, b.add(start, i), F32), kind)), into, align=4)

            whole = b.and_(length, v.i64(-4))
            v.loop(whole, lambda i: add(i, _FOUR), 4)
            v.loop(b.sub(length, whole), lambda i: add(b.add(whole, i), F32))

        v.loop(a["runs"], run)

    v.loop(a["entries"], lambda entry: v.loop(a["rows"], lambda row: one_row(entry, row)))
    b.ret_void()
    return module
