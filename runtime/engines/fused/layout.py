"""Where the kernel finds what it multiplies, in units of 32 bits: two ports of int16, or one of float32.

Sixteen numbers lie beside each other for each unit: those of 16 rows of light, ``[lhs passes, blocks of 16 rows, kinds,
units, 16]``, or of 16 columns of weights, ``[column blocks, rhs parts, kinds, slices, units of a slice, 16]``. A tile
takes either into its lanes, and spreads single rows or columns of the other over them.
"""

from __future__ import annotations

from collections.abc import Mapping

from heliograph.runtime.engines.fused.lanes import I32, LANES, Lanes, Value
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import Operand


def light_operand(v: Lanes, shape: Shape, a: Mapping[str, Value], pass_: Value, row: Value) -> Operand:
    """Light of one row of the strip, to be spread over the lanes; of a multiple of 16: of 16 rows, in the lanes."""
    b = v.b
    plane = light_plane(v, a)
    blocks = b.udiv(a["strip"], v.i64(LANES))
    block = b.add(b.mul(pass_, blocks), b.udiv(row, v.i64(LANES)))
    place = b.add(b.mul(block, b.mul(plane, v.i64(shape.kinds))), b.urem(row, v.i64(LANES)))
    return Operand(v.at(a["light"], place, I32), plane, LANES, signed=shape.signed_light)


def light_plane(v: Lanes, a: Mapping[str, Value]) -> Value:
    """Units from light to its squares."""
    return v.b.mul(a["light_units"], v.i64(LANES))


def weights_operand(v: Lanes, shape: Shape, a: Mapping[str, Value], block: Value, part: Value) -> Operand:
    """Weights of one block of 16 columns; in the lanes."""
    plane = v.b.mul(a["slices"], v.i64(shape.slice_units * LANES))
    number = v.b.add(v.b.mul(block, a["rhs_parts"]), part)
    place = v.b.mul(number, v.b.mul(plane, v.i64(shape.kinds)))
    return Operand(v.at(a["weights"], place, I32), plane, LANES, signed=True)
