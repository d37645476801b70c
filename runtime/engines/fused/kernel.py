"""The kernel of a task: the loops around `light` and the tiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from heliograph.runtime.engines.fused.entry import begin
from heliograph.runtime.engines.fused.lanes import F32, I32, I64, LANES, Lanes, Value
from heliograph.runtime.engines.fused.light import Strip, runs_are_known
from heliograph.runtime.engines.fused.light_rows import emit_rows
from heliograph.runtime.engines.fused.light_windows import emit_windows
from heliograph.runtime.engines.fused.narrow import emit_narrow, is_narrow
from heliograph.runtime.engines.fused.shape import ARGUMENTS, PARAMETERS, Shape
from heliograph.runtime.engines.fused.wide import emit_wide

_IN_LANES = 6  # rows that are encoded faster side by side than one by one
_POINTERS = (
    *("inputs", "entry_places", "row_places", "column_places", "run_counts", "run_places", "run_masks"),
    *("codes", "light", "code_sums", "scales", "extent", "weights", "column_scales", "column_offsets", "outputs"),
)


def build_module(shape: Shape) -> Any:
    """An `llvmlite.ir.Module` with the function ``void helio_block(int64_t *arguments, float *parameters)``."""
    module, v, a, p = begin(shape.isa, ARGUMENTS, _POINTERS, PARAMETERS)
    v.loop(a["entries"], lambda number: _entry(v, shape, a | _addresses(v, a, number), p))
    v.b.ret_void()
    return module


def _addresses(v: Lanes, a: Mapping[str, Value], number: Value) -> dict[str, Value]:
    """What an entry of the task has of its own."""
    b = v.b
    entry = b.add(a["entry"], number)
    own = {
        name: v.at(a[name], b.mul(entry, a[f"{name}_stride"]), kind)
        for name, kind in (("weights", I32), ("column_scales", F32), ("column_offsets", F32))
    }
    first_row = b.mul(entry, a["entry_rows"])
    return own | {
        "inputs": v.at(a["inputs"], v.load(v.at(a["entry_places"], entry, I64), I64, 8), F32),
        "outputs": v.at(a["outputs"], b.mul(first_row, a["columns"]), F32),
        "stream_row": first_row,
    }


def _entry(v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value]) -> None:
    """Rows of one entry, strip by strip: light first, then tile by tile."""
    b = v.b

    def strip(first: Value) -> None:
        left = b.sub(a["rows"], first)
        rows = b.select(b.icmp_signed("<", left, a["strip"]), left, a["strip"])
        earlier = b.zext(b.icmp_signed("==", first, v.i64(0)), I64)
        lit = Strip(first, rows, earlier)
        several = b.icmp_signed(">=", a["entry_rows"], v.i64(_IN_LANES))
        with b.if_else(b.or_(several, runs_are_known(v, a))) as (in_lanes, one_by_one):
            with in_lanes:
                emit_windows(v, shape, a, p, lit)
            with one_by_one:
                emit_rows(v, shape, a, p, lit)
        here = {
            **a,
            "rows": rows,
            "row": b.add(a["row"], first),
            "stream_row": b.add(a["stream_row"], b.add(a["row"], first)),
        }
        v.loop(a["blocks"], lambda block: _columns(v, shape, here, p, b.add(a["block"], block)))

    v.loop(a["rows"], strip, a["strip"])


def _columns(v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value) -> None:
    """Results of up to 16 columns, by whichever tiles leave fewer lanes idle."""
    b = v.b
    left = b.sub(a["columns"], b.mul(block, v.i64(LANES)))
    few = is_narrow(v, v.i64(LANES), left)
    at_once = b.select(few, v.i64(LANES), a["rows"])

    def rows(first: Value) -> None:
        end = b.add(first, at_once)
        end = b.select(b.icmp_signed("<", end, a["rows"]), end, a["rows"])
        with b.if_else(b.and_(few, is_narrow(v, b.sub(end, first), left))) as (narrow, wide):
            with narrow:
                emit_narrow(v, shape, a, p, block, first, left)
            with wide:
                emit_wide(v, shape, a, p, block, first, end)

    v.loop(a["rows"], rows, at_once)
