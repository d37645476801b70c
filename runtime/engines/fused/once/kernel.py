"""The kernel of one block of rows and columns: codes and features of all rows, then panel by panel of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from heliograph.runtime.engines.fused.entry import begin
from heliograph.runtime.engines.fused.lanes import F32, I32, I64, LANES, VF32, Lanes, Value
from heliograph.runtime.engines.fused.light import runs_are_known
from heliograph.runtime.engines.fused.once.block import emit_block
from heliograph.runtime.engines.fused.once.finish import emit_finish
from heliograph.runtime.engines.fused.once.narrow import emit_lines, emit_narrow, is_narrow
from heliograph.runtime.engines.fused.once.rows import emit_row
from heliograph.runtime.engines.fused.once.shape import ARGUMENTS, PARAMETERS, POINTERS, TILINGS, OnceShape
from heliograph.runtime.engines.fused.once.tile import tile_function
from heliograph.runtime.engines.fused.once.units import Element


def build_once(shape: OnceShape) -> Any:
    """An `llvmlite.ir.Module` with the function ``void helio_block(int64_t *arguments, float *parameters)``."""
    module, v, a, p = begin(shape.isa, ARGUMENTS, POINTERS, PARAMETERS)
    b = v.b
    vectors = TILINGS[shape.isa].vectors

    def some_rows(first: Value) -> None:
        left = b.sub(a["rows"], first)
        row = b.add(a["row"], first)
        dark = b.sub(a["before"], row)
        own = a | {
            "row": row,
            "rows": v.smaller(left, a["height"]),
            "dark": b.select(b.icmp_signed(">", dark, v.i64(0)), dark, v.i64(0)),  # rows before the entry's first
        }
        _encode(v, shape, own, p)
        v.loop(a["panels"], lambda panel: _panel(v, shape, own, p, b.mul(panel, v.i64(vectors)), vectors))
        if vectors > 1:
            rest = b.mul(a["panels"], v.i64(vectors))
            v.loop(a["blocks"], lambda block: _panel(v, shape, own, p, b.add(rest, block), 1))

    with b.if_then(is_narrow(v, a)):
        emit_lines(v, a, _words(v, shape, a))
    v.loop(a["rows"], some_rows, a["height"])
    b.ret_void()
    return module


def _encode(v: Lanes, shape: OnceShape, a: Mapping[str, Value], p: Mapping[str, Value]) -> None:
    """Codes, their sums and features of all rows; then features with those of the symbol before."""
    b = v.b
    last = b.add(a["lead"], a["rows"])

    def block(local: Value) -> None:
        row = b.sub(b.add(a["row"], local), a["lead"])
        if shape.features:
            emit_block(v, shape, a, p, (row, local))
            return
        with b.if_else(runs_are_known(v, a)) as (runs, pieces):
            with runs:
                emit_block(v, shape, a, p, (row, local))
            with pieces:
                count = v.smaller(b.sub(last, local), v.i64(LANES))
                v.loop(count, lambda i: emit_row(v, shape, a, p, (b.add(row, i), b.add(local, i))))

    v.loop(last, block, LANES)
    if shape.mixed and shape.features:
        _mix_features(v, a, p["share"])


def _mix_features(v: Lanes, a: Mapping[str, Value], share: Value) -> None:
    """From the last row to the first, since each asks for an earlier one as it was."""
    b, size = v.b, a["feature_width"]

    def row(number: Value) -> None:
        late = b.add(a["lead"], b.sub(b.sub(a["rows"], v.i64(1)), number))
        early = b.mul(b.sub(late, a["before"]), size)
        late = b.mul(late, size)

        def one(index: Value) -> None:
            address = v.at(a["features"], b.add(late, index), F32)
            left = b.fmul(v.load(v.at(a["features"], b.add(early, index), F32), VF32), share)
            mixed = v.fma(v.load(address, VF32), b.fsub(v.f32(1.0), share), left)
            b.store(mixed, address, align=4)

        v.loop(size, one, LANES)

    v.loop(a["rows"], row)


def _panel(
    v: Lanes, shape: OnceShape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value, vectors: int
) -> None:
    """Results of `vectors` column blocks from `block` on, counted from the first of the call of the kernel."""
    b = v.b
    words = _words(v, shape, a)
    column, lanes = b.mul(block, v.i64(LANES)), v.i64(vectors * LANES)
    weights = v.at(a["weights"], b.mul(words, column), I32)
    chunks = b.sdiv(b.add(words, b.sub(a["chunk"], v.i64(1))), a["chunk"])

    def chunk(number: Value) -> None:
        first = b.mul(number, a["chunk"])
        count = v.smaller(b.sub(words, first), a["chunk"])
        written = v.at(weights, b.mul(first, lanes), I32)
        start = v.at(a["starts"], b.add(b.mul(number, a["padded_columns"]), column), I32)
        fresh = b.zext(b.icmp_signed("==", number, v.i64(0)), I64)

        def tile(row: Value, height: int) -> None:
            light = v.at(a["light"], b.add(b.mul(row, words), first), I32)
            out = v.at(a["totals"], b.mul(row, lanes), F32)
            run = tile_function(b.module, shape.isa, shape.element, height, vectors, started=shape.biased)
            b.call(run, [light, words, written, count, out, fresh, start])

        begin, end = b.add(early, a["dark"]), b.add(a["lead"], a["rows"])
        if vectors > 1:
            _tiles(v, shape, begin, end, tile)
            return
        with b.if_else(is_narrow(v, a)) as (narrow, wide):
            with narrow:
                one = first, count, start
                v.loop(b.sub(end, begin), lambda i: emit_narrow(v, shape, a, words, one, b.add(begin, i)))
            with wide:
                _tiles(v, shape, begin, end, tile)

    early = b.sub(a["lead"], a["before"])  # the first row that leaves light over
    v.loop(chunks, chunk)
    totals = v.at(a["totals"], b.mul(early, lanes), F32)
    v.loop(b.mul(a["dark"], lanes), lambda i: b.store(v.f32(0.0), v.at(totals, i, F32), align=4), LANES)
    if shape.features:
        size = b.mul(a["groups"], v.i64(shape.features))
        features = v.at(a["features"], b.mul(a["lead"], a["feature_width"]), F32)
        sums = v.at(a["weight_features"], b.mul(size, column), F32)

        def spread_tile(row: Value, height: int) -> None:
            run = tile_function(b.module, shape.isa, Element.FLOAT, height, vectors)
            out = v.at(a["spreads"], b.mul(row, lanes), F32)
            stride = a["feature_width"]
            b.call(run, [v.at(features, b.mul(row, stride), F32), stride, sums, size, out, v.i64(1), a["starts"]])

        _tiles(v, shape, v.i64(0), a["rows"], spread_tile)
    emit_finish(v, shape, a, p, block, vectors)


def _words(v: Lanes, shape: OnceShape, a: Mapping[str, Value]) -> Value:
    """Of 32 bits, of a row."""
    return v.b.sdiv(a["width"], v.i64(shape.element.per_word))


def _tiles(v: Lanes, shape: OnceShape, first: Value, last: Value, tile: Callable[[Value, int], None]) -> None:
    """``tile(row, height)`` for all rows, the tallest tiles first."""
    b = v.b
    row = first
    for height in TILINGS[shape.isa].heights:
        count = b.mul(b.sdiv(b.sub(last, row), v.i64(height)), v.i64(height))

        def one(index: Value, row: Value = row, height: int = height) -> None:
            tile(b.add(row, index), height)

        v.loop(count, one, height)
        row = b.add(row, count)
