"""Compiled: what `heliograph.runtime.engines.suits` judges by, for sixteen rows of a call side by side.

One module for all kinds of calls: numbers of a kernel are arguments, and loops over ports, passes and parts are loops.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from llvmlite import ir

from heliograph.runtime.engines.fused.entry import begin
from heliograph.runtime.engines.fused.lanes import F32, I32, I64, LANES, VF32, VI32, VI64, Isa, Lanes, Value
from heliograph.runtime.engines.fused.light import emit_largest
from heliograph.runtime.engines.grouped import TERMS

# 64-bit arguments, in order. Pointers are addresses; strides count elements.
POINTERS = (
    "inputs",  # float32
    "rows",  # int64 [16]: where the rows begin
    "columns",  # int64 [k]: how much further their elements lie
    "read_columns",  # int64 [slices, ports]: those of the elements that meet `read_weights`
    "grouped_columns",  # and `grouped_weights`
    "scales",  # float32 [16]; written to if `measured`
    "read_light",  # scratch float32 [passes, slices, ports, 16]
    "grouped_light",
    "features",  # scratch float32 [groups, 3, 16]
    "out",  # float32 [entries, 5, 16]: see `FOUND`
    "normals",  # float32 [slices, entries, passes, parts * read columns, rows of an entry]
    "read_weights",  # float32 [slices, entries, ports, parts * columns]
    "grouped_weights",
    "grouped_features",  # float32 [entries, columns, groups * 3]
)
ARGUMENTS = (
    *POINTERS,
    "k",
    "measured",
    "ports",
    "passes",
    "parts",
    "entries",
    "entry_rows",
    "read_count",  # slices
    "read_lit",  # ports of them that belong to the operand; the others, the last ones, are dark
    "read_width",  # columns
    "grouped_count",
    "grouped_lit",
    "grouped_width",
    "groups",
    "group",  # slices of a group; the last may have fewer
)
PARAMETERS = (
    "shift",  # a share of full scale plus this,
    "slope",  # times this, is the code before it is rounded
    "least",  # code of both passes together
    "least_first",  # of the first
    "levels",  # 0: codes are not rounded
    "floor",
    "lit",  # 1 - floor
    "c0",  # of the variance, in steps of the ADC
    "c1",
    "c2",
    "c3",
    "factor",  # from variance to that
    "to_steps",
    "low",  # of the ADC, in steps
    "high",
    "read_constant",  # variance of an output by the rounding of all its detections
    "grouped_constant",  # likewise, and
    "grouped_c0",  # what constant noise adds to what the groups tell
)


# Sums over columns, for each row. Errors are shares of supposed deviations.
FOUND = (
    "error_sum",
    "square_sum",
    "rounding_sum",
    "outside",  # detections out of range
    "off_sum",  # squares of errors of deviations from groups
)


class Key(NamedTuple):
    """What the module depends on."""

    isa: Isa
    name: str = "judge"


def build_judge(isa: Isa) -> Any:
    """An `llvmlite.ir.Module`."""
    module, v, a, p = begin(isa, ARGUMENTS, POINTERS, PARAMETERS)
    _emit_scales(v, a)
    for cut in ("read", "grouped"):
        _emit_light(v, a, p, cut)
    _emit_features(v, a)
    sums = _Sums(v, a, p)
    v.loop(a["entries"], sums.entry)
    v.b.ret_void()
    return module


def _numbers(v: Lanes, a: Mapping[str, Value], columns: Value, position: Value) -> Value:
    """One element of each row."""
    b = v.b
    column = v.spread(v.load(v.at(columns, position, I64), I64, 8))
    addresses = v.each_at(a["inputs"], b.add(v.load(a["rows"], VI64, 8), column))
    every = ir.Constant(ir.VectorType(ir.IntType(1), LANES), [1] * LANES)
    return v.call("llvm.masked.gather.v16f32.v16p0", VF32, addresses, I32(4), every, v.f32(0.0))


def _emit_scales(v: Lanes, a: Mapping[str, Value]) -> None:
    """The largest magnitude of each row, where that is its full scale."""
    with v.b.if_then(v.b.icmp_signed("!=", a["measured"], v.i64(0))):
        largest = v.variable(VI32, v.u32(0))
        v.loop(a["k"], lambda position: emit_largest(v, _numbers(v, a, a["columns"], position), largest))
        v.b.store(v.get(largest), a["scales"], align=4)


def _size(v: Lanes, a: Mapping[str, Value], cut: str) -> Value:
    """Ports of all slices of a cut."""
    return v.b.mul(a[f"{cut}_count"], a["ports"])


def _emit_light(v: Lanes, a: Mapping[str, Value], p: Mapping[str, Value], cut: str) -> None:
    """Light of both passes in the ports of a cut."""
    b, size, lit = v.b, _size(v, a, cut), a[f"{cut}_lit"]
    zero, one = v.f32(0.0), v.f32(1.0)
    scale = v.load(a["scales"], VF32)
    divisor = b.select(b.fcmp_ordered(">", scale, zero), scale, v.f32(float("inf")))
    is_rounded = b.fcmp_ordered(">", p["levels"], zero)
    levels = b.select(is_rounded, p["levels"], one)

    def write(position: Value, first: Value, second: Value) -> None:
        b.store(first, _vector(v, a[f"{cut}_light"], position), align=64)
        with b.if_then(b.icmp_signed(">", a["passes"], v.i64(1))):
            b.store(second, _vector(v, a[f"{cut}_light"], b.add(position, size)), align=64)

    def shown(position: Value) -> None:
        values = _numbers(v, a, a[f"{cut}_columns"], position)
        share = b.fmul(b.fadd(b.fdiv(values, divisor), p["shift"]), p["slope"])
        share = v.least(v.most(share, p["least"]), one)
        code = b.select(is_rounded, b.fdiv(v.round(b.fmul(share, levels)), levels), share)
        passes = v.most(code, p["least_first"]), v.most(b.fneg(code), zero)
        write(position, *(v.fma(c, p["lit"], p["floor"]) for c in passes))

    v.loop(lit, shown)
    v.loop(b.sub(size, lit), lambda i: write(b.add(lit, i), zero, zero))


def _emit_features(v: Lanes, a: Mapping[str, Value]) -> None:
    """What `grouped.features` makes of the light of both passes."""
    b = v.b

    def group(number: Value) -> None:
        total, pairs, squares, own = (v.variable(VF32, v.f32(0.0)) for _ in range(4))
        first = b.mul(number, a["group"])
        slices = v.smaller(b.sub(a["grouped_count"], first), a["group"])

        def one_slice(index: Value, pass_: Value) -> None:
            b.store(v.f32(0.0), own)
            row = b.add(b.mul(pass_, a["grouped_count"]), b.add(first, index))
            start = _vector(v, a["grouped_light"], b.mul(row, a["ports"]))

            def port(index: Value) -> None:
                light = v.call("llvm.fabs.v16f32", VF32, v.load(_vector(v, start, index), VF32, 64))
                b.store(b.fadd(v.get(own), light), own)
                b.store(v.fma(light, light, v.get(squares)), squares)

            v.loop(a["ports"], port)
            b.store(b.fadd(v.get(total), v.get(own)), total)
            b.store(v.fma(v.get(own), v.get(own), v.get(pairs)), pairs)

        v.loop(a["passes"], lambda pass_: v.loop(slices, lambda index: one_slice(index, pass_)))
        found = v.get(total), b.fsub(v.get(pairs), v.get(squares)), v.get(squares)
        for index, feature in enumerate(found):
            place = b.add(b.mul(number, v.i64(TERMS)), v.i64(index))
            b.store(feature, _vector(v, a["features"], place), align=64)

    v.loop(a["groups"], group)


class _Sums:
    """Detections of columns of weights, sixteen rows at a time."""

    def __init__(self, v: Lanes, a: Mapping[str, Value], p: Mapping[str, Value]) -> None:
        self._v, self._b, self._a, self._p = v, v.b, a, p
        names = ("sum", "total", "squares", "error", "rounding", "variance", "grouped", *FOUND)
        self._slots = {name: v.variable(VF32, v.f32(0.0)) for name in names}

    def entry(self, entry: Value) -> None:
        """What is found of one entry; of use for its own rows."""
        v, b, a = self._v, self._b, self._a
        self._clear(*FOUND)
        v.loop(a["read_width"], lambda column: self._reading(entry, column))
        v.loop(a["grouped_width"], lambda column: self._grouping(entry, column))
        for index, name in enumerate(FOUND):
            place = b.add(b.mul(entry, v.i64(len(FOUND))), v.i64(index))
            b.store(self._get(name), _vector(v, a["out"], place), align=4)

    def _reading(self, entry: Value, column: Value) -> None:
        """Errors of detections."""
        b = self._b
        self._clear("error", "rounding", "variance")
        self._detections("read", entry, column, self._read)
        deviation = self._root(b.fadd(self._get("variance"), self._p["read_constant"]))
        error = b.fdiv(self._get("error"), deviation)
        self._add("error_sum", error)
        self._add("square_sum", b.fmul(error, error))
        self._add("rounding_sum", b.fdiv(self._get("rounding"), deviation))

    def _grouping(self, entry: Value, column: Value) -> None:
        """Variance of outputs from all products and from groups."""
        v, b, a, p = self._v, self._b, self._a, self._p
        self._clear("variance", "grouped")
        self._detections("grouped", entry, column, lambda *_: None)
        size = b.mul(a["groups"], v.i64(TERMS))
        own = b.add(b.mul(entry, a["grouped_width"]), column)
        weights = v.at(a["grouped_features"], b.mul(own, size), F32)

        def feature(index: Value) -> None:
            weight = v.spread(v.load(v.at(weights, index, F32), F32))
            self._add("grouped", b.fmul(weight, v.load(_vector(v, a["features"], index), VF32, 64)))

        v.loop(size, feature)
        supposed = v.fma(self._get("grouped"), p["factor"], b.fadd(p["grouped_c0"], p["grouped_constant"]))
        true = b.fadd(self._get("variance"), p["grouped_constant"])
        off = b.fsub(self._root(b.fdiv(supposed, true)), v.f32(1.0))
        self._add("off_sum", b.fmul(off, off))

    def _root(self, x: Value) -> Value:
        return self._v.call("llvm.sqrt.v16f32", VF32, x)

    def _detections(
        self, cut: str, entry: Value, column: Value, detect: Callable[[Value, Value, Value, Value], None]
    ) -> None:
        """``detect(variance, sign, place, entry)`` for each of a column; `place` is its number among all."""
        v, b, a = self._v, self._b, self._a
        width = b.mul(a[f"{cut}_width"], a["parts"])

        def one(number: Value, pass_: Value, part: Value) -> None:
            slice_ = b.add(b.mul(pass_, a[f"{cut}_count"]), number)
            light = _vector(v, a[f"{cut}_light"], b.mul(slice_, a["ports"]))
            lane = b.add(b.mul(part, a[f"{cut}_width"]), column)
            row = b.add(b.mul(number, a["entries"]), entry)
            weights = v.at(a[f"{cut}_weights"], b.add(b.mul(b.mul(row, a["ports"]), width), lane), F32)
            self._clear("sum", "total", "squares")

            def port(index: Value) -> None:
                weight = v.spread(v.load(v.at(weights, b.mul(index, width), F32), F32))
                product = b.fmul(weight, v.load(_vector(v, light, index), VF32, 64))
                self._add("sum", product)
                self._add("total", v.call("llvm.fabs.v16f32", VF32, product))
                self._put("squares", v.fma(product, product, self._get("squares")))

            v.loop(a["ports"], port)
            variance = self._variance()
            self._add("variance", variance)
            sign = b.sitofp(b.sub(v.i64(1), b.mul(v.i64(2), b.xor(pass_, part))), F32)
            place = b.add(b.mul(b.add(b.mul(row, a["passes"]), pass_), width), lane)
            detect(variance, v.spread(sign), place, entry)

        def parts(number: Value, pass_: Value) -> None:
            v.loop(a["parts"], lambda part: one(number, pass_, part))

        v.loop(a[f"{cut}_count"], lambda number: v.loop(a["passes"], lambda pass_: parts(number, pass_)))

    def _read(self, variance: Value, sign: Value, place: Value, entry: Value) -> None:
        """What an ADC makes of one detection."""
        v, b, a, p = self._v, self._b, self._a, self._p
        lanes = b.mul(b.sub(place, entry), a["entry_rows"])  # rows of earlier entries are in the lanes before
        normals = v.load(v.at(a["normals"], lanes, F32), VF32)
        noise = b.fmul(self._root(variance), normals)
        total = b.fmul(self._get("sum"), p["to_steps"])
        read = b.fadd(noise, total)
        half = v.f32(0.5)
        outside = b.or_(
            b.fcmp_ordered("<", read, b.fsub(p["low"], half)), b.fcmp_ordered(">", read, b.fadd(p["high"], half))
        )
        self._add("outside", b.select(outside, v.f32(1.0), v.f32(0.0)))
        error = b.fsub(v.round(v.least(v.most(read, p["low"]), p["high"])), total)
        self._add("error", b.fmul(sign, error))
        self._add("rounding", b.fmul(sign, b.fsub(error, noise)))

    def _variance(self) -> Value:
        v, p, total = self._v, self._p, self._get("total")
        variance = v.fma(v.fma(total, p["c2"], p["c1"]), total, p["c0"])
        return v.most(v.fma(self._get("squares"), p["c3"], variance), v.f32(0.0))

    def _get(self, name: str) -> Value:
        return self._v.get(self._slots[name])

    def _put(self, name: str, value: Value) -> None:
        self._b.store(value, self._slots[name])

    def _add(self, name: str, value: Value) -> None:
        self._put(name, self._b.fadd(self._get(name), value))

    def _clear(self, *names: str) -> None:
        for name in names:
            self._put(name, self._v.f32(0.0))


def _vector(v: Lanes, pointer: Value, number: Value) -> Value:
    """Address of one of vectors beside each other."""
    return v.at(pointer, v.b.mul(number, v.i64(LANES)), F32)
