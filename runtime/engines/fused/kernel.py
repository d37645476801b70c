"""The kernel of one block of rows and columns: the loops around `light` and the tiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I16, I64, LANES, POINTER, Lanes, Value
from heliograph.runtime.engines.fused.light import emit_row
from heliograph.runtime.engines.fused.narrow import emit_narrow, is_narrow
from heliograph.runtime.engines.fused.shape import ARGUMENTS, PARAMETERS, Shape
from heliograph.runtime.engines.fused.wide import emit_wide

ENTRY = "helio_block"
_POINTERS = (
    *("inputs", "light", "turned", "code_sums", "weights"),
    *("row_scales", "column_scales", "column_offsets", "outputs"),
)
_LINE = 64


def build_module(shape: Shape) -> Any:
    """An `llvmlite.ir.Module` with the function ``void helio_block(int64_t *arguments, float *parameters)``."""
    module = ir.Module("heliograph")
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [POINTER, POINTER]), ENTRY)
    function.attributes.add("nounwind")  # llvmlite prints the next line only beside a plain attribute
    function.attributes.alignstack = _LINE  # registers that are put aside would else straddle two cache lines
    v = Lanes(ir.IRBuilder(function.append_basic_block("entry")), shape.isa)
    arguments, parameters = function.args
    a = {name: v.load(v.at(arguments, v.i64(i), I64), I64, 8) for i, name in enumerate(ARGUMENTS)}
    a |= {name: v.b.inttoptr(a[name], POINTER) for name in _POINTERS}
    p = {n: v.spread(v.load(v.at(parameters, v.i64(i), F32), F32)) for i, n in enumerate(PARAMETERS)}
    _encode(v, shape, a, p)
    v.loop(a["blocks"], lambda block: _columns(v, shape, a, p, block))
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


def _columns(v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], block: Value) -> None:
    """Results of up to 16 columns, by whichever tiles leave fewer lanes idle."""
    b = v.b
    left = b.sub(a["columns"], b.mul(b.add(a["block"], block), v.i64(LANES)))
    few = is_narrow(v, v.i64(LANES), left)
    at_once = b.select(few, v.i64(LANES), a["rows"])

    def rows(first: Value) -> None:
        end = b.add(first, at_once)
        end = b.select(b.icmp_signed("<", end, a["rows"]), end, a["rows"])
        with b.if_else(b.and_(few, is_narrow(v, b.sub(end, first), left))) as (narrow, wide):
            with narrow:
                emit_narrow(v, shape, a, p, block, first, left)
            with wide:
                emit_wide(v, shape, a, p, block, first, end)

    v.loop(a["rows"], rows, at_once)
