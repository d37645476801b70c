"""The innermost loop: sums of products of a few rows and some vectors of columns, all in registers."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import I32, I64, LANES, POINTER, VF32, VI16, VI32, Isa, Lanes, Value
from heliograph.runtime.engines.fused.once.units import Element

VI8 = ir.VectorType(ir.IntType(8), 4 * LANES)


def tile_function(module: Any, isa: Isa, element: Element, height: int, vectors: int, *, started: bool = False) -> Any:
    """``void tile(void *x, int64 stride, void *w, int64 words, float *out, int64 first, int32 *start)``.

    x: `height` rows, `stride` words of 32 bits apart; w: [words, vectors, 16 words]; out [height, vectors * 16]
    float32: stored to if `first`, else added to. Integers start at `start` [vectors * 16] if `started`, else at zero.
    """
    name = f"tile_{element.name.lower()}_{height}x{vectors}"
    if name in module.globals:
        return module.globals[name]
    arguments = [POINTER, I64, POINTER, I64, POINTER, I64, POINTER]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), arguments), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    function.attributes.add("nounwind")  # else object code comes with a table that only LLVM's loader understands
    v = Lanes(ir.IRBuilder(function.append_basic_block("entry")), isa)
    x, stride, w, words, out, first, start = function.args
    rows = [v.at(x, v.b.mul(stride, v.i64(r)), I32) for r in range(height)]
    kind = VF32 if element is Element.FLOAT else VI32
    zero = ir.Constant(kind, None)
    starts = [v.load(v.at(start, v.i64(c), VI32), VI32) if started else zero for c in range(vectors)]
    sums = [[v.variable(kind, starts[c]) for c in range(vectors)] for _ in range(height)]

    def word(index: Value) -> None:
        place = v.b.mul(index, v.i64(vectors))
        written = [v.load(v.at(w, v.b.add(place, v.i64(c)), VI32), VI32) for c in range(vectors)]
        for row, row_sums in zip(rows, sums, strict=True):
            light = v.spread(v.load(v.at(row, index, I32), I32))
            for one, slot in zip(written, row_sums, strict=True):
                v.b.store(multiply_add(v, element, v.get(slot), light, one), slot)

    v.loop(words, word)
    fresh = v.b.icmp_signed("!=", first, v.i64(0))
    for number, slot in enumerate(slot for row_sums in sums for slot in row_sums):
        total = v.get(slot) if element is Element.FLOAT else v.b.sitofp(v.get(slot), VF32)
        address = v.at(out, v.i64(number), VF32)
        before = v.b.select(fresh, v.f32(0.0), v.load(address, VF32))
        v.b.store(v.b.fadd(before, total), address, align=4)
    v.b.ret_void()
    return function


def multiply_add(v: Lanes, element: Element, total: Value, light: Value, weights: Value) -> Value:
    """Per lane: total plus the products of all elements of a word."""
    if element is Element.FLOAT:
        return v.fma(v.b.bitcast(light, VF32), v.b.bitcast(weights, VF32), total)
    if element is Element.INT16:
        return v.dot16(total, v.b.bitcast(light, VI16), v.b.bitcast(weights, VI16))
    return v.call("llvm.x86.avx512.vpdpbusd.512", VI32, total, v.b.bitcast(light, VI8), v.b.bitcast(weights, VI8))
