"""Compiled: `heliograph.runtime.engines.held.misset`, the errors of written weights, 16 columns at a time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir

from heliograph.ir.weights import Array
from heliograph.runtime.engines.fused.entry import begin
from heliograph.runtime.engines.fused.jit import Block, compile_module
from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, VI32, Isa, Value
from heliograph.runtime.engines.fused.light import masked_load
from heliograph.runtime.engines.fused.memory import aligned, as_int64
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.fused.random import column_lanes, emit_normal, hashed_words, seeded
from heliograph.runtime.engines.held import Misset, Tiles

_ARGUMENTS = (
    "written",  # float32 [entries, slices, ports, columns]
    "light",  # likewise
    "entries",
    "slices",
    "ports",
    "columns",
    "written_stride",  # from entry to entry; 0 where all share what is written
    "first",  # row of the stream of the first slice of the first entry
    "all_slices",  # rows from entry to entry
    "key",
)


class _Key(NamedTuple):
    isa: Isa
    name: str = "misset"


def compile_misset(isa: Isa, cache: ObjectCache | None) -> Misset:
    """The function, for float32. Raises RuntimeError where LLVM cannot."""
    block = compile_module(_Key(isa), isa, lambda: _build(isa), cache)

    def misset(tiles: Tiles, written: Array, sigma: float) -> Array:
        return _misset(block, tiles, written, sigma)

    return misset


def _misset(block: Block, tiles: Tiles, written: Array, sigma: float) -> Array:
    written = np.ascontiguousarray(written)
    light = aligned((tiles.entries, *written.shape[1:]), written.dtype)
    stride = written[0].size if len(written) > 1 else 0
    places = written.ctypes.data, light.ctypes.data, *light.shape, stride
    arguments = np.array([*places, tiles.first, tiles.all_slices, as_int64(tiles.key)], np.int64)
    numbers = np.array([sigma], np.float32)
    block(arguments.ctypes.data, numbers.ctypes.data)
    return light


def _build(isa: Isa) -> Any:
    module, v, a, p = begin(isa, _ARGUMENTS, ("written", "light"), ("sigma",))
    b = v.b
    size = b.mul(a["ports"], a["columns"])

    def one_slice(entry: Value, number: Value) -> None:
        source = v.at(a["written"], b.add(b.mul(entry, a["written_stride"]), b.mul(number, size)), F32)
        target = v.at(a["light"], b.mul(b.add(b.mul(entry, a["slices"]), number), size), F32)
        row = b.add(b.add(a["first"], number), b.mul(entry, a["all_slices"]))
        whole = b.and_(a["columns"], v.i64(-LANES))

        def columns(first: Value, mask: Value | None) -> None:
            words = hashed_words(v, a["key"], row, b.udiv(first, v.i64(LANES)))
            state = [v.variable(VI32, w) for w in seeded(v, [v.spread(word) for word in words], column_lanes(v))]

            def port(index: Value) -> None:
                place = b.add(b.mul(index, a["columns"]), first)
                error = b.fmul(emit_normal(v, state), p["sigma"])
                address = v.at(source, place, F32)
                weights = v.load(address, VF32) if mask is None else masked_load(v, address, mask, v.f32(0.0))
                light, address = b.fadd(error, weights), v.at(target, place, F32)
                if mask is None:
                    b.store(light, address, align=4)
                else:
                    v.call("llvm.masked.store.v16f32.p0", ir.VoidType(), light, address, I32(4), mask)

            v.loop(a["ports"], port)

        v.loop(whole, lambda first: columns(first, None), LANES)
        with b.if_then(b.icmp_signed("<", whole, a["columns"])):
            left = v.spread(b.trunc(b.sub(a["columns"], whole), I32))
            columns(whole, b.icmp_signed("<", v.u32(list(range(LANES))), left))

    v.loop(a["entries"], lambda entry: v.loop(a["slices"], lambda number: one_slice(entry, number)))
    b.ret_void()
    return module
