"""Sixteen rows of the streamed operand side by side, by as few loads as their places in memory allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, I64, LANES, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.light import runs_are_known
from heliograph.runtime.windows import RUNS

Keep = Callable[[Value, Value], None]  # of a position within the rows, and the values there


def emit_read(v: Lanes, a: Mapping[str, Value], block: Value, keep: Keep) -> None:
    """Hand all values of a block of sixteen rows to `keep`, position by position.

    Neighbouring rows of windows are mostly runs of neighbours in memory, see `windows.Runs`. Rows that lie in one piece
    each are read as they lie and turned. What is left is read one by one.
    """
    b = v.b
    read = v.variable(I64, v.i64(0))
    with b.if_else(runs_are_known(v, a)) as (runs, pieces):
        with runs:
            _read_runs(v, a, block, keep, read)
        with pieces:
            _turn(v, a, block, keep, read)
    start = v.get(read)
    v.loop(b.sub(a["k"], start), lambda i: keep(b.add(start, i), _each(v, a, block, b.add(start, i))))


def _read_runs(v: Lanes, a: Mapping[str, Value], block: Value, keep: Keep, read: Value) -> None:
    """Read rows that are 1, 2 or 4 runs."""
    b = v.b
    first = b.mul(block, v.i64(RUNS))
    lanes = v.u32([1 << lane for lane in range(LANES)])

    def read_by(runs: int) -> None:
        places = [v.load(v.at(a["run_places"], b.add(first, v.i64(i)), I64), I64, 8) for i in range(runs)]
        bits = [v.spread(v.load(v.at(a["run_masks"], b.add(first, v.i64(i)), I32), I32)) for i in range(runs)]
        masks = [b.icmp_unsigned("!=", b.and_(m, lanes), v.u32(0)) for m in bits]

        def values(origin: Value) -> Value:
            if runs == 1:
                return v.load(v.at(origin, places[0], F32), VF32)
            found = v.f32(0.0)
            for place, mask in zip(places, masks, strict=True):
                found = v.load_some(v.at(origin, place, F32), mask, found)
            return found

        v.loop(a["k"], lambda k: keep(k, values(_column(v, a, k))))
        b.store(a["k"], read)

    done = b.append_basic_block("read")
    choice = b.switch(v.load(v.at(a["run_counts"], block, I32), I32), done)
    for runs in (1, 2, RUNS):
        here = b.append_basic_block(f"runs{runs}")
        choice.add_case(I32(runs), here)
        b.position_at_end(here)
        read_by(runs)
        b.branch(done)
    b.position_at_end(done)


def _turn(v: Lanes, a: Mapping[str, Value], block: Value, keep: Keep, read: Value) -> None:
    """Read rows that lie in one piece each, sixteen positions at a time."""
    b = v.b
    rows = [v.at(a["inputs"], _row_place(v, a, block, lane), F32) for lane in range(LANES)]

    def square(k: Value) -> None:
        for number, column in enumerate(v.transposed([v.load(v.at(row, k, F32), VI32) for row in rows])):
            keep(b.add(k, v.i64(number)), b.bitcast(column, VF32))

    whole = b.and_(a["k"], v.i64(-LANES))
    v.loop(whole, square, LANES)
    b.store(whole, read)


def _each(v: Lanes, a: Mapping[str, Value], block: Value, k: Value) -> Value:
    origin, values = _column(v, a, k), ir.Constant(VF32, ir.Undefined)
    for lane in range(LANES):
        one = v.load(v.at(origin, _row_place(v, a, block, lane), F32), F32)
        values = v.b.insert_element(values, one, I32(lane))
    return values


def _column(v: Lanes, a: Mapping[str, Value], k: Value) -> Value:
    return v.at(a["inputs"], v.load(v.at(a["column_places"], k, I64), I64, 8), F32)


def _row_place(v: Lanes, a: Mapping[str, Value], block: Value, lane: int) -> Value:
    number = v.b.add(v.b.mul(block, v.i64(LANES)), v.i64(lane))
    return v.load(v.at(a["row_places"], number, I64), I64, 8)
