"""Sums of a few columns: words of a row in the lanes, since those of 16 columns would mostly be idle."""

from __future__ import annotations

from collections.abc import Mapping

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.once.shape import OnceShape
from heliograph.runtime.engines.fused.once.tile import multiply_add
from heliograph.runtime.engines.fused.once.units import Element


def is_narrow(v: Lanes, a: Mapping[str, Value]) -> Value:
    """Whether a call has so few columns."""
    return v.b.icmp_signed("!=", a["narrow"], v.i64(0))


def emit_lines(v: Lanes, a: Mapping[str, Value], words: Value) -> None:
    """Write the weights of each column beside each other to `lines` [columns, words up to whole vectors]."""
    b, length = v.b, _length(v, words)

    def column(number: Value) -> None:
        line = v.at(a["lines"], b.mul(number, length), I32)

        def word(index: Value) -> None:
            written = v.load(v.at(a["weights"], b.add(b.mul(index, v.i64(LANES)), number), I32), I32)
            b.store(written, v.at(line, index, I32))

        v.loop(words, word)
        v.loop(b.sub(length, words), lambda i: b.store(I32(0), v.at(line, b.add(words, i), I32)))

    v.loop(a["columns"], column)


def emit_narrow(
    v: Lanes, shape: OnceShape, a: Mapping[str, Value], words: Value, chunk: tuple[Value, Value, Value], row: Value
) -> None:
    """Sums of one row and all columns, added to `totals` [row, 16] but for the first chunk.

    `chunk`: its first word, how many they are, and the addresses of what takes the bias away. Words of light beyond
    those of a row meet zeros.
    """
    b, (first, count, starts) = v.b, chunk
    kind = VF32 if shape.element is Element.FLOAT else VI32
    light = v.at(a["light"], b.add(b.mul(row, words), first), I32)

    def column(number: Value) -> None:
        total = v.variable(kind, ir.Constant(kind, None))
        line = v.at(a["lines"], b.add(b.mul(number, _length(v, words)), first), I32)

        def vector(index: Value) -> None:
            operands = [v.load(v.at(address, index, I32), VI32) for address in (light, line)]
            b.store(multiply_add(v, shape.element, v.get(total), *operands), total)

        v.loop(count, vector, LANES)
        if shape.element is Element.FLOAT:
            found = b.extract_element(v.sum_lanes(v.get(total), LANES), I32(0))
        else:
            found = v.call("llvm.vector.reduce.add.v16i32", I32, v.get(total))
            start = v.load(v.at(starts, number, I32), I32) if shape.biased else I32(0)
            found = b.sitofp(b.add(found, start), F32)
        address = v.at(a["totals"], b.add(b.mul(row, v.i64(LANES)), number), F32)
        fresh = b.icmp_signed("==", first, v.i64(0))
        b.store(b.fadd(found, b.select(fresh, F32(0.0), v.load(address, F32))), address)

    v.loop(a["columns"], column)


def _length(v: Lanes, words: Value) -> Value:
    return v.b.and_(v.b.add(words, v.i64(LANES - 1)), v.i64(-LANES))
