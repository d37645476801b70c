"""MatMulNBits of com.microsoft: weights of 4 or 8 bits in blocks with scales.

The weights are unpacked and scaled on electronics, once, since they are constants; the product goes to light.
"""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.compiler.contractions.emit import U8, cast, concat, cut, element_of, elementwise, reshape
from heliograph.compiler.contractions.lowering import Lowering, optional_operand, out_type, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import Op, ScalarType, SymExpr, Value, sym


@dataclass(frozen=True)
class _Blocks:
    bits: int
    size: int  # weights per block
    rows: int  # columns of the product: rows of the stored matrix
    columns: int  # contracted size

    @property
    def number(self) -> int:
        """Blocks per row; the last one may reach beyond the contracted size."""
        return -(-self.columns // self.size)


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one MatMulNBits."""
    left, packed, scales = op.operands[:3]
    zero, order, bias = (optional_operand(op, i) for i in (3, 4, 5))
    blocks = _blocks(op)
    if order is not None:
        raise StaysElectronic("HG2007", "weights in an order of their own (g_idx)")
    element = element_of(left)
    weight = _weight(blocks, packed, scales, zero, element, lowering)
    shape = shape_of(left)
    rows: dict[str, SymExpr | int] = {f"row{i}": size for i, size in enumerate(shape[:-1])}
    extents = {**rows, "sum": blocks.columns, "col": blocks.rows}
    kind = out_type(op, [*shape[:-1], sym(blocks.rows)])
    index = [sym(name) for name in rows]
    result = lowering.contract(
        (left, [*index, sym("sum")]), (weight, [sym("col"), sym("sum")]), (kind, [*index, sym("col")]), extents
    )
    return [result if bias is None else elementwise(lowering, "Add", result, bias)]


def _blocks(op: Op) -> _Blocks:
    values = [
        op.attributes.get(name, default) for name, default in (("bits", 4), ("block_size", 0), ("N", 0), ("K", 0))
    ]
    bits, size, rows, columns = (v if isinstance(v, int) else 0 for v in values)
    if bits not in (4, 8):
        raise StaysElectronic("HG2007", f"weights of {bits} bits (4 and 8 are unpacked)")
    if op.attributes.get("weight_prepacked"):
        raise StaysElectronic("HG2007", "weights packed for a particular processor")
    if min(size, rows, columns) < 1:
        raise StaysElectronic("HG2007", "MatMulNBits without its sizes")
    return _Blocks(bits, size, rows, columns)


def _weight(
    blocks: _Blocks, packed: Value, scales: Value, zero: Value | None, element: ScalarType, lowering: Lowering
) -> Value:
    """The matrix [rows, blocks * block size]: ``(code - zero point) * scale``."""
    codes = _unpacked(packed, [blocks.rows, blocks.number, blocks.size * blocks.bits // 8], blocks.bits, lowering)
    codes = cast(lowering, codes, element)
    per_block = [blocks.rows, blocks.number, 1]
    if zero is None:
        offset = lowering.scalar(2 ** (blocks.bits - 1), element)
    elif element_of(zero) == U8:
        width = -(-blocks.number * blocks.bits // 8)
        offset = _unpacked(zero, [blocks.rows, width], blocks.bits, lowering)
        if blocks.number * blocks.bits != width * 8:  # half a byte at the end of a row is unused
            offset = cut(lowering, offset, 1, 0, blocks.number)
        offset = cast(lowering, reshape(lowering, offset, per_block), element)
    else:
        offset = cast(lowering, reshape(lowering, zero, per_block), element)
    scaled = elementwise(lowering, "Sub", codes, offset)
    scaled = elementwise(lowering, "Mul", scaled, cast(lowering, reshape(lowering, scales, per_block), element))
    return reshape(lowering, scaled, [blocks.rows, blocks.number * blocks.size])


def _unpacked(value: Value, dims: list[int], bits: int, lowering: Lowering) -> Value:
    """Bytes as codes, the low half of a byte first."""
    value = reshape(lowering, value, dims)
    if bits == 8:
        return value
    sixteen = lowering.scalar(16, U8)
    high = elementwise(lowering, "Div", value, sixteen)
    low = elementwise(lowering, "Sub", value, elementwise(lowering, "Mul", high, sixteen))
    pairs = [reshape(lowering, half, [*dims, 1]) for half in (low, high)]
    return reshape(lowering, concat(lowering, pairs, len(dims)), [*dims[:-1], dims[-1] * 2])
