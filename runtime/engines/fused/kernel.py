"""The kernel of one block of rows and columns: the loops around `step` and `light`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I16, I32, I64, LANES, POINTER, VF32, Lanes, Value
from heliograph.runtime.engines.fused.light import emit_row
from heliograph.runtime.engines.fused.random import emit_normal, emit_seed
from heliograph.runtime.engines.fused.shape import ARGUMENTS, PARAMETERS, Shape
from heliograph.runtime.engines.fused.step import emit_codes, emit_moments

ENTRY = "helio_block"
_POINTERS = ("inputs", "light", "code_sums", "weights", "row_scales", "column_scales", "column_offsets", "outputs")
_STEP_VARIANCE = 1 / 12  # of an even error within one step of the ADC
_ROWS = 2  # rows that share each load of weights


def build_module(shape: Shape) -> Any:
    """An `llvmlite.ir.Module` with the function ``void helio_block(int64_t *arguments, float *parameters)``."""
    module = ir.Module("heliograph")
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [POINTER, POINTER]), ENTRY)
    v = Lanes(ir.IRBuilder(function.append_basic_block("entry")), shape.isa)
    arguments, parameters = function.args
    a = {name: v.load(v.at(arguments, v.i64(i), I64), I64, 8) for i, name in enumerate(ARGUMENTS)}
    a |= {name: v.b.inttoptr(a[name], POINTER) for name in _POINTERS}
    p = {n: v.spread(v.load(v.at(parameters, v.i64(i), F32), F32)) for i, n in enumerate(PARAMETERS)}
    _encode(v, shape, a, p)
    pairs = v.b.and_(a["rows"], v.i64(-_ROWS))

    def columns(block: Value) -> None:
        v.loop(pairs, lambda row: _tile(v, shape, a, p, block, row, _ROWS), _ROWS)
        with v.b.if_then(v.b.icmp_signed("<", pairs, a["rows"])):
            _tile(v, shape, a, p, block, pairs, 1)

    v.loop(a["blocks"], columns)
    v.b.ret_void()
    return module


def _element(shape: Shape) -> Any:
    return I16 if shape.integers else F32


def _encode(v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value]) -> None:
    """All rows as light, pass by pass; the sums of signed codes."""
    b = v.b
    row_size = b.mul(a["width"], v.i64(shape.kinds))

    def scale_of(row: Value) -> Value:
        scale = v.load(v.at(a["row_scales"], b.mul(row, a["row_scale_stride"]), F32), F32)
        positive = b.fcmp_ordered(">", scale, F32(0.0))
        return v.spread(b.select(positive, scale, F32(float("inf"))))

    def one(number: Value) -> None:
        row = b.add(a["row"], number)
        earlier = b.sub(row, a["before"])
        lit = b.icmp_signed(">=", earlier, v.i64(0))
        earlier = b.select(lit, earlier, row)
        share = b.select(lit, p["share"], v.f32(0.0))
        addresses = [v.at(a["inputs"], b.mul(r, a["input_stride"]), F32) for r in (row, earlier)]
        total = v.variable(F32, F32(0.0))

        def one_pass(pass_: Value) -> None:
            second = b.icmp_signed(">", pass_, v.i64(0))
            own = dict(p) | {"multiply": b.select(second, b.fneg(p["multiply"]), p["multiply"])}
            place = b.mul(b.add(b.mul(pass_, a["rows"]), number), row_size)
            light = v.at(a["light"], place, _element(shape))
            squares = v.at(light, a["width"], _element(shape))
            before = (addresses[1], scale_of(earlier), share)
            codes = emit_row(v, shape, (addresses[0], scale_of(row)), before, a["k"], light, squares, own)
            b.store(b.fadd(v.get(total), b.select(second, b.fneg(codes), codes)), total)

        v.loop(a["lhs_passes"], one_pass)
        b.store(v.get(total), v.at(a["code_sums"], number, F32))

    v.loop(a["rows"], one)


def _tile(
    v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value, row: Value, rows: int
) -> None:
    """Outputs of `rows` rows and 16 columns: all passes and slices, then the decoder."""
    b, element = v.b, _element(shape)
    kinds = v.i64(shape.kinds)
    row_size = b.mul(a["width"], kinds)
    slice_size = shape.ports * LANES
    copy = b.mul(a["slices"], v.i64(slice_size))
    part_size = b.mul(copy, kinds)
    panel = v.at(a["weights"], b.mul(b.mul(block, a["rhs_parts"]), part_size), element)
    number = b.add(a["block"], block)
    numbers = [b.add(row, v.i64(r)) for r in range(rows)]
    states = (
        [emit_seed(v, a["key"], b.add(a["stream_row"], n), number) for n in numbers]
        if shape.drawn or shape.once
        else [[]] * rows
    )
    totals = [v.variable(VF32, v.f32(0.0)) for _ in range(rows)]
    spreads = [v.variable(VF32, v.f32(0.0)) for _ in range(rows)]

    def lhs_pass(pass_: Value) -> None:
        places = [b.mul(b.add(b.mul(pass_, a["rows"]), n), row_size) for n in numbers]
        light = [v.at(a["light"], place, element) for place in places]

        def rhs_part(part: Value) -> None:
            weights = v.at(panel, b.mul(part, part_size), element)
            minus = b.icmp_signed("==", b.add(pass_, part), v.i64(1))
            sign = b.select(minus, v.f32(-1.0), v.f32(1.0))

            def one_slice(s: Value) -> None:
                lit = [v.at(x, b.mul(s, v.i64(shape.ports)), element) for x in light]
                written = v.at(weights, b.mul(s, v.i64(slice_size)), element)
                sizes = a["width"], copy
                if shape.once:
                    moments = emit_moments(v, shape, lit, written, sizes, p)
                    codes = [mean for mean, _ in moments]
                    for spread, (_, variance) in zip(spreads, moments, strict=True):
                        b.store(b.fadd(v.get(spread), b.fadd(variance, v.f32(_STEP_VARIANCE))), spread)
                else:
                    codes = emit_codes(v, shape, lit, written, sizes, p, states)
                for total, code in zip(totals, codes, strict=True):
                    b.store(v.fma(sign, code, v.get(total)), total)

            v.loop(a["slices"], one_slice)

        v.loop(a["rhs_parts"], rhs_part)

    v.loop(a["lhs_passes"], lhs_pass)
    if shape.once:
        for total, spread, state in zip(totals, spreads, states, strict=True):
            b.store(v.fma(v.sqrt(v.get(spread)), emit_normal(v, state), v.get(total)), total)
    column = b.mul(block, v.i64(LANES))
    scales, offsets = (v.load(v.at(a[n], column, F32), VF32) for n in ("column_scales", "column_offsets"))
    first = b.mul(number, v.i64(LANES))
    left = v.spread(b.trunc(b.sub(a["columns"], first), I32))
    mask = b.icmp_signed("<", v.u32(list(range(LANES))), left)
    for n, total in zip(numbers, totals, strict=True):
        entry_row = b.add(a["row"], n)
        codes = v.spread(v.load(v.at(a["code_sums"], n, F32), F32))
        result = v.fma(v.get(total), p["gain"], v.fma(codes, p["code_gain"], offsets))
        scale = v.load(v.at(a["row_scales"], b.mul(entry_row, a["row_scale_stride"]), F32), F32)
        result = b.fmul(result, b.fmul(v.spread(scale), scales))
        address = v.at(a["outputs"], b.add(b.mul(entry_row, a["columns"]), first), F32)
        v.call("llvm.masked.store.v16f32.p0", ir.VoidType(), result, address, I32(4), mask)
