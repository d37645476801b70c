"""What the variance knows of rows: `heliograph.runtime.engines.grouped.features`, emitted for sixteen side by side.

The floor of the light is put in afterwards: with c a code and f the floor, light is f + (1 - f) |c| in every port of
the operand.
"""

from __future__ import annotations

from collections.abc import Mapping

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, LANES, VF32, VI16, VI32, Lanes, Value
from heliograph.runtime.engines.fused.once.encode import Encoder, numbers_at, packed
from heliograph.runtime.engines.fused.once.shape import OnceShape


def emit_features(
    v: Lanes, shape: OnceShape, a: Mapping[str, Value], p: Mapping[str, Value], out: Value, encoder: Encoder
) -> None:
    """Write features [16, groups * terms] float32 of sixteen rows, `feature_width` apart, in levels and their squares.

    Their numbers are encoded on the way and kept as `emit_light` wants them.
    """
    _Features(v, shape, a, p, encoder).emit(out)


class _Features:
    def __init__(
        self, v: Lanes, shape: OnceShape, a: Mapping[str, Value], p: Mapping[str, Value], encoder: Encoder
    ) -> None:
        self._v, self._shape, self._a, self._p, self._encoder = v, shape, a, p, encoder
        self._total, self._slices = (v.variable(VF32, v.f32(0.0)) for _ in range(2))  # of a group
        squares, sums = (VI32, VI16) if shape.paired else (VF32, VF32)
        self._squares = v.variable(squares, ir.Constant(squares, None))  # likewise
        self._sums = [v.variable(sums, ir.Constant(sums, None)) for _ in range(shape.passes)]  # of a slice

    def emit(self, out: Value) -> None:
        v, b, a, k = self._v, self._v.b, self._a, self._a["k"]
        size, ports = self._shape.group * self._shape.ports, v.i64(self._shape.ports)

        def group(number: Value) -> None:
            self._clear(self._total, self._squares, self._slices)
            first = b.mul(number, v.i64(size))
            count = v.smaller(b.sub(k, first), v.i64(size))
            whole = b.sub(count, b.srem(count, ports))
            v.loop(whole, lambda i: self._slice(b.add(first, i), ports), self._shape.ports)
            with b.if_then(b.icmp_signed("<", whole, count)):
                self._slice(b.add(first, whole), b.sub(count, whole))
            place = b.mul(number, v.i64(self._shape.features))
            for index, feature in enumerate(self._finish(b.sitofp(count, F32))):
                b.store(feature, self._turned(b.add(place, v.i64(index))), align=64)

        v.loop(a["groups"], group)

        def turn(first: Value) -> None:
            columns = [v.load(self._turned(b.add(first, v.i64(i))), VI32, 64) for i in range(LANES)]
            for row, features in enumerate(v.transposed(columns)):
                b.store(features, v.at(out, b.add(b.mul(a["feature_width"], v.i64(row)), first), F32), align=4)

        v.loop(a["feature_width"], turn, LANES)

    def _turned(self, number: Value) -> Value:
        return self._v.at(self._a["turned"], self._v.b.mul(number, self._v.i64(LANES)), F32)

    def _clear(self, *slots: Value) -> None:
        for slot in slots:
            self._v.b.store(ir.Constant(slot.allocated_type, None), slot)

    def _slice(self, first: Value, count: Value) -> None:
        """One slice of `count` ports; a constant, if it is whole, so that its loop is unrolled."""
        v, b = self._v, self._v.b
        self._clear(*self._sums)
        if self._shape.paired:
            v.loop(count, lambda i: self._pair(b.add(first, i)), 2)
        else:
            v.loop(count, lambda i: self._port(b.add(first, i)))
        for slot in self._sums:
            whole = v.get(slot)
            if self._shape.paired:
                ones = ir.Constant(VI16, [1] * (2 * LANES))
                whole = b.sitofp(v.dot16(ir.Constant(VI32, None), whole, ones), VF32)
            self._add(self._total, whole)
            if self._shape.terms[1]:
                if self._shape.floor:
                    ports = v.spread(b.sitofp(count, F32))
                    whole = v.fma(whole, self._p["lit"], b.fmul(ports, self._p["floor"]))
                b.store(v.fma(whole, whole, v.get(self._slices)), self._slices)

    def _port(self, position: Value) -> None:
        v, b = self._v, self._v.b
        address = numbers_at(v, self._a, position)
        code, kept = self._encoder.kept(v.load(address, VF32, 64))
        b.store(kept, address, align=64)
        b.store(v.fma(code, code, v.get(self._squares)), self._squares)
        for slot, size in zip(self._sums, self._passes(code), strict=True):
            self._add(slot, size)

    def _passes(self, code: Value) -> list[Value]:
        """Magnitudes of codes per pass."""
        v, b = self._v, self._v.b
        if self._shape.passes == 1:
            return [v.call("llvm.fabs.v16f32", VF32, code) if self._shape.signed else code]
        positive = v.most(code, v.f32(0.0))
        return [positive, b.fsub(positive, code)]

    def _pair(self, position: Value) -> None:
        """Two ports whose codes lie in a word, as they are to be written."""
        v, b = self._v, self._v.b
        both = [v.load(numbers_at(v, self._a, b.add(position, v.i64(i))), VF32, 64) for i in range(2)]
        word = packed(v, self._shape, [self._encoder.kept(one)[1] for one in both])
        b.store(word, numbers_at(v, self._a, b.lshr(position, v.i64(1))), align=64)
        codes, zero = b.bitcast(word, VI16), ir.Constant(VI16, None)
        b.store(v.dot16(v.get(self._squares), codes, codes), self._squares)
        sizes = [codes]
        if self._shape.passes == 2 or self._shape.signed:
            positive = b.select(b.icmp_signed(">", codes, zero), codes, zero)
            negative = b.sub(positive, codes)
            sizes = [positive, negative] if self._shape.passes == 2 else [b.add(positive, negative)]
        for slot, size in zip(self._sums, sizes, strict=True):
            b.store(b.add(v.get(slot), size), slot)

    def _add(self, slot: Value, number: Value) -> None:
        self._v.b.store(self._v.b.fadd(self._v.get(slot), number), slot)

    def _finish(self, ports: Value) -> list[Value]:
        """The features of a group of so many ports."""
        v, b, p = self._v, self._v.b, self._p
        total, slices, square = (v.get(slot) for slot in (self._total, self._slices, self._squares))
        square = b.sitofp(square, VF32) if self._shape.paired else square
        if self._shape.floor:
            dark = b.fmul(v.spread(b.fmul(ports, ir.Constant(F32, float(self._shape.passes)))), p["floor"])
            shown = b.fmul(total, p["lit"])
            total = b.fadd(shown, dark)
            twice = v.fma(shown, v.f32(2.0), dark)
            square = v.fma(twice, p["floor"], b.fmul(b.fmul(square, p["lit"]), p["lit"]))
        found = zip((total, b.fsub(slices, square), square), self._shape.terms, strict=True)
        return [feature for feature, wanted in found if wanted]
