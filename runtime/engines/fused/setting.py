"""Compiled: `heliograph.runtime.engines.setting.set_tiles`, slice by slice."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.fused.entry import begin
from heliograph.runtime.engines.fused.jit import Block, compile_module
from heliograph.runtime.engines.fused.lanes import F32, LANES, VF32, VI32, Isa, Lanes, Value
from heliograph.runtime.engines.fused.memory import aligned, as_int64
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.fused.random import column_lanes, emit_normal, hashed_words, seeded
from heliograph.runtime.engines.setting import Set, Tiles

_POINTERS = (
    "written",  # float32 [entries, slices, ports, columns]
    "light",  # likewise
    "set",  # scratch float32 [ports, columns]: one slice before it leaks, or null where nothing does
    "leak",  # float32 [outputs of a tile, padded outputs]: the first arrives at the second
)
_ARGUMENTS = (
    *_POINTERS,
    "entries",
    "slices",
    "ports",
    "columns",
    "written_stride",  # from entry to entry; 0 where all share what is written
    "first",  # row of the stream of the first slice of the first entry
    "all_slices",  # rows from entry to entry
    "outputs",  # of a tile; 0: nothing leaks
    "padded_outputs",
    "key",
)


class _Key(NamedTuple):
    isa: Isa
    name: str = "setting"


def compile_setting(isa: Isa, cache: ObjectCache | None) -> Set:
    """The function, for float32. Raises RuntimeError where LLVM cannot."""
    block = compile_module(_Key(isa), isa, lambda: _build(isa), cache)

    def set_tiles(tiles: Tiles, written: Array) -> Array:
        return _set(block, tiles, written)

    return set_tiles


def _set(block: Block, tiles: Tiles, written: Array) -> Array:
    written = np.ascontiguousarray(written)
    entries = tiles.entries if tiles.sigma else len(written)
    light = aligned((entries, *written.shape[1:]), written.dtype)
    outputs = 0 if tiles.leak is None else len(tiles.leak)
    leak = np.zeros((outputs, -(-outputs // LANES) * LANES), np.float32)
    if tiles.leak is not None:
        leak[:, :outputs] = tiles.leak.T
    scratch = aligned(written.shape[2:] if outputs else (0,), written.dtype)
    named = {
        "written": written.ctypes.data,
        "light": light.ctypes.data,
        "set": scratch.ctypes.data,
        "leak": leak.ctypes.data,
        "entries": entries,
        "slices": light.shape[1],
        "ports": light.shape[2],
        "columns": light.shape[3],
        "written_stride": written[0].size if len(written) > 1 else 0,
        "first": tiles.first,
        "all_slices": tiles.all_slices,
        "outputs": outputs,
        "padded_outputs": leak.shape[1],
        "key": as_int64(tiles.key),
    }
    arguments = np.array([named[name] for name in _ARGUMENTS], np.int64)
    numbers = np.array([tiles.sigma], np.float32)
    block(arguments.ctypes.data, numbers.ctypes.data)
    return light


def _build(isa: Isa) -> Any:
    module, v, a, p = begin(isa, _ARGUMENTS, _POINTERS, ("sigma",))
    b = v.b
    size = b.mul(a["ports"], a["columns"])
    leaks = b.icmp_signed(">", a["outputs"], v.i64(0))

    def one_slice(entry: Value, number: Value) -> None:
        source = v.at(a["written"], b.add(b.mul(entry, a["written_stride"]), b.mul(number, size)), F32)
        target = v.at(a["light"], b.mul(b.add(b.mul(entry, a["slices"]), number), size), F32)
        row = b.add(b.add(a["first"], number), b.mul(entry, a["all_slices"]))
        _with_errors(v, a, p["sigma"], row, (source, b.select(leaks, a["set"], target)))
        with b.if_then(leaks):
            v.loop(a["ports"], lambda port: _with_leak(v, a, b.mul(port, a["columns"]), target))

    v.loop(a["entries"], lambda entry: v.loop(a["slices"], lambda number: one_slice(entry, number)))
    b.ret_void()
    return module


def _with_errors(v: Lanes, a: dict[str, Value], sigma: Value, row: Value, source_target: tuple[Value, Value]) -> None:
    """One slice; its stream goes on from port to port."""
    b, (source, target) = v.b, source_target
    whole = b.and_(a["columns"], v.i64(-LANES))

    def columns(first: Value, mask: Value | None) -> None:
        words = hashed_words(v, a["key"], row, b.udiv(first, v.i64(LANES)))
        state = [v.variable(VI32, w) for w in seeded(v, [v.spread(word) for word in words], column_lanes(v))]

        def port(index: Value) -> None:
            place = b.add(b.mul(index, a["columns"]), first)
            error = b.fmul(emit_normal(v, state), sigma)
            _store(v, b.fadd(error, _load(v, v.at(source, place, F32), mask)), v.at(target, place, F32), mask)

        v.loop(a["ports"], port)

    v.loop(whole, lambda first: columns(first, None), LANES)
    with b.if_then(b.icmp_signed("<", whole, a["columns"])):
        columns(whole, v.below(whole, a["columns"]))


def _with_leak(v: Lanes, a: dict[str, Value], row: Value, target: Value) -> None:
    """The outputs of one port, which begin at `row` of what is set, tile by tile."""
    b = v.b

    def tile(first: Value) -> None:
        width = v.smaller(b.sub(a["columns"], first), a["outputs"])
        start = b.add(row, first)

        def outputs(own: Value) -> None:
            mask = v.below(own, width)
            place = b.add(start, own)
            total = v.variable(VF32, v.load_some(v.at(a["set"], place, F32), mask))

            def other(index: Value) -> None:
                light = v.spread(v.load(v.at(a["set"], b.add(start, index), F32), F32))
                share = v.load(v.at(a["leak"], b.add(b.mul(index, a["padded_outputs"]), own), F32), VF32)
                b.store(v.fma(light, share, v.get(total)), total)

            v.loop(width, other)
            _store(v, v.get(total), v.at(target, place, F32), mask)

        v.loop(width, outputs, LANES)

    v.loop(a["columns"], tile, a["outputs"])


def _load(v: Lanes, address: Value, mask: Value | None) -> Value:
    return v.load(address, VF32) if mask is None else v.load_some(address, mask)


def _store(v: Lanes, value: Value, address: Value, mask: Value | None) -> None:
    if mask is None:
        v.b.store(value, address, align=4)
    else:
        v.store_some(value, address, mask)
