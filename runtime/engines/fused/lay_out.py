"""Compiled: written weights as the planes and biases of `layout`, 16 columns at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from heliograph.ir.weights import Array
from heliograph.runtime.engines.fused.entry import begin
from heliograph.runtime.engines.fused.jit import Block, compile_module
from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.light import Encoder
from heliograph.runtime.engines.fused.objects import ObjectCache
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import SQUARES_ZERO_BITS
from heliograph.runtime.engines.fused.units import Units

_ARGUMENTS = (
    "light",  # float32 [entries, slices, ports, columns]
    "out",  # int32: where the part of the first block of columns begins
    "entries",
    "slices",  # to write
    "first",  # of them
    "all_slices",  # of a plane
    "columns",
    "entry_stride",
    "block_stride",  # of `out`
)
_UNITS = ("weight", "weight_size", "weight_square")


class _Key(NamedTuple):
    shape: Shape
    name: str = "lay_out"


def compile_lay_out(shape: Shape, cache: ObjectCache | None) -> Block:
    """The function that `lay_out` takes. Raises RuntimeError where LLVM cannot."""
    return compile_module(_Key(shape), shape.isa, lambda: _build(shape), cache)


def lay_out(block: Block, out: Array, slices: int, first: int, light: Array, units: Units) -> None:
    """Write light [B, some slices, ports, N] into a part of panels [B, blocks, units], from the slice `first` on."""
    light = np.ascontiguousarray(light, np.float32)
    entries, count, _, columns = light.shape
    places = (light.ctypes.data, out.ctypes.data, entries, count, first, slices, columns)
    arguments = np.array([*places, out.strides[0] // 4, out.strides[1] // 4], np.int64)
    numbers = np.array([getattr(units, name) for name in _UNITS], np.float32)
    block(arguments.ctypes.data, numbers.ctypes.data)


def _build(shape: Shape) -> Any:
    module, v, a, p = begin(shape.isa, _ARGUMENTS, ("light", "out"), _UNITS)
    b, units = v.b, list(p.values())

    def one_slice(entry: Value, number: Value) -> None:
        row = b.mul(b.add(b.mul(entry, a["slices"]), number), v.i64(shape.ports))
        source = v.at(a["light"], b.mul(row, a["columns"]), F32)
        panel = v.at(a["out"], b.mul(entry, a["entry_stride"]), I32)
        whole = b.and_(a["columns"], v.i64(-LANES))

        def columns(first: Value, mask: Value | None) -> None:
            target = v.at(panel, b.mul(b.udiv(first, v.i64(LANES)), a["block_stride"]), I32)

            def port(index: Value) -> Value:
                address = v.at(source, b.add(b.mul(index, a["columns"]), first), F32)
                return v.load(address, VF32) if mask is None else v.load_some(address, mask)

            _slice(v, shape, units, port, target, b.add(a["first"], number), a["all_slices"])

        v.loop(whole, lambda first: columns(first, None), LANES)
        with b.if_then(b.icmp_signed("<", whole, a["columns"])):
            columns(whole, v.below(whole, a["columns"]))

    v.loop(a["entries"], lambda entry: v.loop(a["slices"], lambda number: one_slice(entry, number)))
    b.ret_void()
    return module


def _slice(
    v: Lanes,
    shape: Shape,
    units: list[Value],
    port: Callable[[Value], Value],
    target: Value,
    number: Value,
    slices: Value,
) -> None:
    """All planes of one slice and 16 columns. `port` loads weights, `target` is where their part begins."""
    b, encoder = v.b, Encoder(v, shape, {})
    zeros = (0, 0, SQUARES_ZERO_BITS)
    start, biases = v.i64(0), []
    for plane, halves in enumerate(shape.planes):
        if not halves:
            continue
        ports = 4 if halves == 1 else shape.unit_ports
        size = v.i64(shape.ports // ports * LANES)
        place = v.at(target, b.add(start, b.mul(number, size)), I32)
        total = v.variable(VI32, v.u32(0))

        def unit(
            first: Value, plane: int = plane, ports: int = ports, place: Value = place, total: Value = total
        ) -> None:
            values = [port(b.add(first, v.i64(i))) for i in range(ports)]
            if plane == 1:
                values = [v.call("llvm.fabs.v16f32", VF32, w) for w in values]
            elif plane == 2:
                values = [b.fmul(w, w) for w in values]
            values = [b.fmul(w, units[plane]) for w in values]
            if ports == 4:
                for w in values:
                    b.store(b.add(v.get(total), b.and_(encoder.integer(w), v.u32(0xFF))), total)
            made = encoder.bytes_(values) if ports == 4 else encoder.unit(*values)
            b.store(made, v.at(place, b.mul(b.udiv(first, v.i64(ports)), v.i64(LANES)), I32), align=64)

        v.loop(v.i64(shape.ports), unit, ports)
        if ports == 4:
            biases.append(b.add(b.shl(v.get(total), v.u32(7)), v.u32(zeros[plane])))
        start = b.add(start, b.mul(slices, size))
    for bias in biases:
        place = v.at(target, b.add(start, b.mul(number, v.i64(LANES))), I32)
        b.store(bias, place, align=64)
        start = b.add(start, b.mul(slices, v.i64(LANES)))
