"""Where the kernel finds what it multiplies, in units of 32 bits: ports of int8 or int16, or one of float32.

Sixteen numbers lie beside each other for each unit: those of 16 rows of light, ``[lhs passes, blocks of rows, planes,
units, 16]``, or of 16 columns of weights, ``[column blocks, rhs parts, planes, slices, units of a slice, 16]``. A tile
takes either into its lanes, and spreads single rows or columns of the other over them.

The first plane is the operand itself. Magnitudes and squares as bytes take half the units of int16. The bytes of light
are signed, less 128, since VNNI multiplies signed bytes by others: after the planes of weights come the sums of their
bytes, times 128, ``[slices, 16]`` for each plane of bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from heliograph.runtime.engines.fused.lanes import I32, LANES, Lanes, Value
from heliograph.runtime.engines.fused.shape import Shape
from heliograph.runtime.engines.fused.step import Operand


def light_operand(v: Lanes, shape: Shape, a: Mapping[str, Value], pass_: Value, row: Value) -> Operand:
    """Light of one row of the strip, to be spread over the lanes; of a multiple of 16: of 16 rows, in the lanes."""
    b = v.b
    half = b.lshr(b.mul(a["light_units"], v.i64(LANES)), v.i64(1))
    blocks = b.udiv(a["strip"], v.i64(LANES))
    block = b.add(b.mul(pass_, blocks), b.udiv(row, v.i64(LANES)))
    place = b.add(b.mul(block, b.mul(half, v.i64(sum(shape.planes)))), b.urem(row, v.i64(LANES)))
    return _operand(v, shape, v.at(a["light"], place, I32), half, signed=shape.signed_light)


def weights_operand(v: Lanes, shape: Shape, a: Mapping[str, Value], block: Value, part: Value) -> Operand:
    """Weights of one block of 16 columns; in the lanes."""
    b = v.b
    half = b.lshr(b.mul(a["slices"], v.i64(shape.slice_units * LANES)), v.i64(1))
    planes = b.mul(half, v.i64(sum(shape.planes)))
    biases = b.mul(a["slices"], v.i64(LANES))
    size = b.add(planes, b.mul(biases, v.i64(shape.biases)))
    first = v.at(a["weights"], b.mul(b.add(b.mul(block, a["rhs_parts"]), part), size), I32)
    weights = _operand(v, shape, first, half, signed=True)
    addresses = [v.at(first, b.add(planes, b.mul(biases, v.i64(i))), I32) for i in range(shape.biases)]
    return replace(
        weights,
        size_bias=addresses[0] if shape.byte_sizes else None,
        square_bias=addresses[-1] if shape.byte_squares else None,
    )


def _operand(v: Lanes, shape: Shape, first: Value, half: Value, *, signed: bool) -> Operand:
    """The planes from `first` on; `half`: half the units of the first."""
    starts = [sum(shape.planes[:number]) for number in range(len(shape.planes))]
    sizes, squares = (v.at(first, v.b.mul(half, v.i64(start)), I32) for start in starts[1:])
    return Operand(first, sizes, squares, signed=signed)
