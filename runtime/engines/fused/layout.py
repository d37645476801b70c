"""Where the kernel finds what it multiplies, in units of 32 bits: two ports of int16, or one of float32.

Light as it is made: ``[lhs passes, rows, kinds, units]``, the units of a row side by side. What lies in the lanes has
16 numbers beside each other for each unit: weights ``[column blocks, rhs parts, kinds, slices, units of a slice, 16]``,
and light that `narrow` turned, ``[lhs passes, kinds, units, 16]``.
"""

from __future__ import annotations

from collections.abc import Mapping

from heliograph.runtime.engines.fused.lanes import I32, LANES, Lanes, Value
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import Operand


def row_units(v: Lanes, shape: Shape, a: Mapping[str, Value]) -> Value:
    """Units of a row of light, all kinds."""
    units = v.b.mul(a["width"], v.i64(shape.kinds))
    return v.b.lshr(units, v.i64(1)) if shape.integers else units


def turned_units(v: Lanes, shape: Shape, a: Mapping[str, Value]) -> Value:
    """Units of a pass of turned light: those of a row, up to a whole number of vectors."""
    return v.b.and_(v.b.add(row_units(v, shape, a), v.i64(LANES - 1)), v.i64(-LANES))


def light_row(v: Lanes, shape: Shape, a: Mapping[str, Value], pass_: Value, row: Value) -> Value:
    """Address of the light of one row of the task."""
    place = v.b.add(v.b.mul(pass_, a["rows"]), row)
    return v.at(a["light"], v.b.mul(place, row_units(v, shape, a)), I32)


def light_operand(v: Lanes, shape: Shape, a: Mapping[str, Value], pass_: Value, row: Value) -> Operand:
    """Light of one row, to be spread over the lanes."""
    return Operand(light_row(v, shape, a, pass_, row), _plane_units(v, shape, a), 1, signed=shape.signed_light)


def turned_operand(v: Lanes, shape: Shape, a: Mapping[str, Value], pass_: Value) -> Operand:
    """Light of 16 rows, in the lanes."""
    place = v.b.mul(pass_, v.b.mul(turned_units(v, shape, a), v.i64(LANES)))
    planes = v.b.mul(_plane_units(v, shape, a), v.i64(LANES))
    return Operand(v.at(a["turned"], place, I32), planes, LANES, signed=shape.signed_light)


def weights_operand(v: Lanes, shape: Shape, a: Mapping[str, Value], block: Value, part: Value) -> Operand:
    """Weights of one block of 16 columns, counted from the task's first; in the lanes."""
    plane = v.b.mul(a["slices"], v.i64(shape.slice_units * LANES))
    number = v.b.add(v.b.mul(block, a["rhs_parts"]), part)
    place = v.b.mul(number, v.b.mul(plane, v.i64(shape.kinds)))
    return Operand(v.at(a["weights"], place, I32), plane, LANES, signed=True)


def _plane_units(v: Lanes, shape: Shape, a: Mapping[str, Value]) -> Value:
    return v.b.lshr(a["width"], v.i64(1)) if shape.integers else a["width"]
