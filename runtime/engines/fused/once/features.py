"""What the variance knows of a row: `heliograph.runtime.engines.grouped.features`, emitted.

Integers are taken in pairs, which one instruction multiplies and adds. The floor of the light is put in afterwards:
with c a code and f the floor, light is f + (1 - f) |c| in every port of the operand.
"""

from __future__ import annotations

from collections.abc import Mapping

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I16, I32, LANES, VF32, VI16, VI32, Lanes, Value
from heliograph.runtime.engines.fused.once.encode import BIAS, element_type
from heliograph.runtime.engines.fused.once.shape import OnceShape
from heliograph.runtime.engines.fused.once.units import Element


def emit_features(v: Lanes, shape: OnceShape, light: Value, k: Value, out: Value, p: Mapping[str, Value]) -> None:
    """Write features [groups, terms] float32 of one row of codes, in levels and their squares."""
    _Features(v, shape, light, k, p).emit(out)


class _Features:
    def __init__(self, v: Lanes, shape: OnceShape, light: Value, k: Value, p: Mapping[str, Value]) -> None:
        self._v, self._shape, self._light, self._k, self._p = v, shape, light, k, p
        self._integers = shape.element is not Element.FLOAT
        self._pair = 2 if self._integers else 1
        self._zero = ir.Constant(VI16 if self._integers else VF32, None)
        self._sums, self._slices = (v.variable(VF32, v.f32(0.0)) for _ in range(2))
        self._squares = v.variable(
            VI32 if self._integers else VF32, ir.Constant(VI32 if self._integers else VF32, None)
        )
        self._step = LANES * self._pair  # codes of a vector
        ports = shape.ports
        # whole slices in each vector; else a slice has vectors of its own, the last of them not full
        self._even = not shape.terms[1] or (self._step % ports == 0 and ports % self._pair == 0)

    def emit(self, out: Value) -> None:
        v, b, ports = self._v, self._v.b, self._shape.ports
        size = self._shape.group * ports
        groups = b.sdiv(b.add(self._k, v.i64(size - 1)), v.i64(size))
        lanes = ports // self._pair if self._even else LANES  # that hold the sum of one slice

        def group(number: Value) -> None:
            for slot in (self._sums, self._squares, self._slices):
                b.store(ir.Constant(slot.allocated_type, None), slot)
            first = b.mul(number, v.i64(size))
            count = v.smaller(b.sub(self._k, first), v.i64(size))
            if self._even:
                v.loop(count, lambda i: self._several(b.add(first, i), lanes), self._step)
            else:
                v.loop(count, lambda i: self._slice(b.add(first, i)), ports)
            place = b.mul(number, v.i64(self._shape.features))
            for index, feature in enumerate(self._finish(b.sitofp(count, F32), lanes)):
                b.store(feature, v.at(out, b.add(place, v.i64(index)), F32))

        v.loop(groups, group)

    def _several(self, first: Value, lanes: int) -> None:
        """One vector, which holds whole slices if the variance asks for them."""
        lit = None
        if self._shape.floor:  # ports of the slice of each lane that belong to the operand
            v, ports = self._v, self._shape.ports
            starts = v.u32([lane // max(lanes, 1) * ports for lane in range(LANES)])
            left = v.b.sub(v.spread(v.b.trunc(v.b.sub(self._k, first), I32)), starts)
            lit = self._ports(left)
        for sums in self._add(first, None):
            self._add_slices(sums, lanes, lit)

    def _slice(self, first: Value) -> None:
        """One slice."""
        v = self._v
        end = v.smaller(v.b.add(first, v.i64(self._shape.ports)), self._k)
        totals: list[Value] = []
        for number in range(-(-self._shape.ports // self._step)):
            place = v.b.add(first, v.i64(number * self._step))
            sums = self._add(place, self._below(v.b.sub(end, place)))
            totals = sums if not totals else [v.b.fadd(x, y) for x, y in zip(totals, sums, strict=True)]
        lit = self._ports(v.spread(v.b.trunc(v.b.sub(self._k, first), I32))) if self._shape.floor else None
        for total in totals:
            self._add_slices(total, LANES, lit)

    def _below(self, count: Value) -> Value:
        """Mask of the first `count` codes of a vector."""
        v, b, kind = self._v, self._v.b, ir.VectorType(I16, self._step)
        most = b.trunc(v.smaller(count, v.i64(self._step)), I16)
        one = b.insert_element(ir.Constant(kind, ir.Undefined), most, I32(0))
        zeros = ir.Constant(ir.VectorType(I32, self._step), None)
        return b.icmp_signed("<", ir.Constant(kind, list(range(self._step))), b.shuffle_vector(one, one, zeros))

    def _ports(self, left: Value) -> Value:
        """How many ports a slice has, as float32, where `left` of the operand come from its first on."""
        v, b = self._v, self._v.b
        for limit, order in ((v.u32(0), ">"), (v.u32(self._shape.ports), "<")):
            left = b.select(b.icmp_signed(order, left, limit), left, limit)
        return b.sitofp(left, VF32)

    def _add(self, place: Value, mask: Value | None) -> list[Value]:
        """Add the codes of one vector to sums and squares; returns the sums of each lane, per pass."""
        v, b = self._v, self._v.b
        codes = self._load(place)
        if mask is not None:
            codes = b.select(mask, codes, self._zero)
        squares = v.get(self._squares)
        if self._integers:
            squares = v.dot16(squares, codes, codes)
        else:
            squares = v.fma(codes, codes, squares)
        b.store(squares, self._squares)
        sums = []
        for part in self._passes(codes):
            one = part
            if self._integers:
                ones = ir.Constant(VI16, [1] * (2 * LANES))
                one = b.sitofp(v.dot16(ir.Constant(VI32, None), part, ones), VF32)
            b.store(b.fadd(v.get(self._sums), one), self._sums)
            sums.append(one)
        return sums

    def _load(self, place: Value) -> Value:
        v, b, element = self._v, self._v.b, self._shape.element
        address = v.at(self._light, place, element_type(self._shape))
        if element is not Element.INT8:
            return v.load(address, VI16 if self._integers else VF32, element.bytes)
        wide = b.zext(v.load(address, ir.VectorType(element_type(self._shape), self._step), 1), VI16)
        return b.sub(wide, ir.Constant(VI16, [BIAS] * self._step)) if self._shape.biased else wide

    def _passes(self, codes: Value) -> list[Value]:
        """Magnitudes of codes per pass."""
        v, b, zero = self._v, self._v.b, self._zero
        if self._shape.passes == 1 and not self._shape.signed:
            return [codes]
        if self._integers:
            negative = b.sub(zero, codes)
            if self._shape.passes == 1:
                return [b.select(b.icmp_signed(">", codes, zero), codes, negative)]
            return [b.select(b.icmp_signed(">", x, zero), x, zero) for x in (codes, negative)]
        if self._shape.passes == 1:
            return [v.call("llvm.fabs.v16f32", VF32, codes)]
        return [v.most(x, zero) for x in (codes, b.fneg(codes))]

    def _add_slices(self, sums: Value, lanes: int, lit: Value | None) -> None:
        """Add the squares of the sums of slices, each of which fills `lanes` lanes."""
        if not self._shape.terms[1]:
            return
        v = self._v
        whole = v.sum_lanes(sums, lanes)
        if lit is not None:
            whole = v.fma(whole, self._p["lit"], v.b.fmul(lit, self._p["floor"]))
        v.b.store(v.fma(whole, whole, v.get(self._slices)), self._slices)

    def _finish(self, ports: Value, lanes: int) -> list[Value]:
        """The features of a group of so many ports, as scalars."""
        v, b = self._v, self._v.b
        squares = v.get(self._squares)
        squares = b.sitofp(squares, VF32) if self._integers else squares
        total, square, slices = (
            b.extract_element(v.sum_lanes(x, LANES), I32(0)) for x in (v.get(self._sums), squares, v.get(self._slices))
        )
        if self._shape.floor:
            floor, lit = (b.extract_element(self._p[name], I32(0)) for name in ("floor", "lit"))
            dark = b.fmul(b.fmul(ports, F32(float(self._shape.passes))), floor)
            shown = b.fmul(total, lit)
            total = b.fadd(shown, dark)
            twice = b.fadd(b.fmul(shown, F32(2.0)), dark)
            square = b.fadd(b.fmul(b.fmul(square, lit), lit), b.fmul(twice, floor))
        pairs = b.fsub(b.fmul(slices, F32(1 / max(lanes, 1))), square)
        found = zip((total, pairs, square), self._shape.terms, strict=True)
        return [feature for feature, wanted in found if wanted]
