"""Products of small integers: exact on light, where the sums fit the mantissa of the arithmetic.

Zero points are subtracted before the product, on electronics, so what goes to light are the centred integers. They
travel as float32 where no partial sum can leave its 24 bits of mantissa, else as float64.
"""

from __future__ import annotations

from heliograph.compiler.contractions import conv, gemm, matmul
from heliograph.compiler.contractions.emit import F32, F64, I32, I64, cast, element_of, elementwise, is_single, reshape
from heliograph.compiler.contractions.lowering import Lowering, optional_operand, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import AttributeValue, Op, ScalarType, SymExpr, TensorType, Value, sym

_LARGEST = {"i8": 2**7, "ui8": 2**8 - 1, "i16": 2**15}
_CENTRED = {"i8": 2**8 - 1, "ui8": 2**8 - 1, "i16": 2**16 - 1}  # after subtraction of any zero point
_MANTISSA = {"f32": 2**24, "f64": 2**53}
Operand = tuple[Value, Value | None]  # a tensor of integers and its zero point


def lower_matmul(op: Op, lowering: Lowering) -> list[Value]:
    """MatMulInteger, and MatMulInteger16 of com.microsoft."""
    product, bound = matmul_product(
        (op.operands[0], optional_operand(op, 2)), (op.operands[1], optional_operand(op, 3)), lowering
    )
    return [to_int32(product, bound, lowering)]


def lower_conv(op: Op, lowering: Lowering) -> list[Value]:
    """ConvInteger."""
    image, weight = (op.operands[0], optional_operand(op, 2)), (op.operands[1], optional_operand(op, 3))
    product, bound = conv_product(op, image, weight, lowering)
    return [to_int32(product, bound, lowering)]


def matmul_product(left: Operand, right: Operand, lowering: Lowering) -> tuple[Value, SymExpr]:
    """Product of centred integer matrices (numpy.matmul rules), and what no sum of it exceeds."""
    a = shape_of(left[0])
    if not a or not shape_of(right[0]):
        raise StaysElectronic("HG2007", "product of a scalar")
    element, bound = number_format(left, right, a[-1])
    left_zero, right_zero = left[1], right[1]
    if left_zero is not None and not is_single(left_zero) and len(shape_of(left_zero)) == 1:
        left_zero = reshape(lowering, left_zero, [shape_of(left_zero)[0], 1])  # one per row
    factors = [centred(left[0], left_zero, element, lowering), centred(right[0], right_zero, element, lowering)]
    (product,) = matmul.lower(Op("onnx.MatMul", factors, [TensorType(element, None)]), lowering)
    return product, bound


def gemm_product(op: Op, left: Operand, right: Operand, lowering: Lowering) -> tuple[Value, SymExpr]:
    """Product of centred integer matrices that `op` may ask to transpose; zero points of `right` are per column."""
    a = shape_of(left[0])
    transposed: dict[str, AttributeValue] = {k: v for k, v in op.attributes.items() if k in ("transA", "transB")}
    if len(a) != 2:
        raise StaysElectronic("HG2007", "operands that are not matrices")
    element, bound = number_format(left, right, a[0 if transposed.get("transA") else 1])
    right_zero = right[1]
    if right_zero is not None and not is_single(right_zero) and transposed.get("transB"):
        right_zero = reshape(lowering, right_zero, [shape_of(right_zero)[0], 1])
    factors = [centred(left[0], left[1], element, lowering), centred(right[0], right_zero, element, lowering)]
    (product,) = gemm.lower(Op("onnx.Gemm", factors, [TensorType(element, None)], transposed), lowering)
    return product, bound


def conv_product(op: Op, image: Operand, weight: Operand, lowering: Lowering) -> tuple[Value, SymExpr]:
    """Convolution of centred integers by the window of `op`; zero points of weights may be per filter."""
    w = shape_of(weight[0])
    taps = sym(1)
    for size in w[1:]:
        taps = taps * size
    element, bound = number_format(image, weight, taps)
    zero = weight[1]
    if zero is not None and not is_single(zero):
        zero = reshape(lowering, zero, [shape_of(zero)[0], *[1] * (len(w) - 1)])
    factors = [centred(image[0], image[1], element, lowering), centred(weight[0], zero, element, lowering)]
    (product,) = conv.lower(Op("onnx.Conv", factors, [TensorType(element, None)], op.attributes), lowering)
    return product, bound


def number_format(left: Operand, right: Operand, terms: SymExpr) -> tuple[ScalarType, SymExpr]:
    """The narrowest floating-point type that holds every sum of `terms` products exactly, and the largest sum."""
    bound = terms * (_largest(left) * _largest(right))
    if bound.is_constant and int(bound) > _MANTISSA["f64"]:
        raise StaysElectronic("HG2004", f"integer sums up to {int(bound):.2g} exceed what light can be checked for")
    return (F32 if bound.is_constant and int(bound) <= _MANTISSA["f32"] else F64), bound


def _largest(operand: Operand) -> int:
    name = element_of(operand[0]).name
    if name not in _LARGEST:
        raise StaysElectronic("HG2004", f"integer product of elements of type {name} (i8, ui8 and i16 can)")
    return _LARGEST[name] if operand[1] is None else _CENTRED[name]


def centred(value: Value, zero: Value | None, element: ScalarType, lowering: Lowering) -> Value:
    """The integers minus their zero point, as floating-point numbers."""
    wide = cast(lowering, value, element)
    return wide if zero is None else elementwise(lowering, "Sub", wide, cast(lowering, zero, element))


def to_int32(product: Value, bound: SymExpr, lowering: Lowering) -> Value:
    """The sums as int32; where they may not fit, they wrap around as int32 arithmetic does."""
    if not bound.is_constant or int(bound) >= 2**31:
        product = cast(lowering, product, I64)
    return cast(lowering, product, I32)
