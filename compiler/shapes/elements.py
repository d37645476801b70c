"""Types that ONNX's own inference does not know: of operators of com.microsoft, and of everything behind them."""

from __future__ import annotations

from functools import cache
from typing import Any

from heliograph.compiler.contractions import RULES as CONTRACTIONS
from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic
from heliograph.ir.core import Op, ScalarType, TensorType, Type, Value
from heliograph.ir.weights import Weights

# operators whose results 0 and 3 (the sum, of the Skip ones) are like their first operand
_LIKE_FIRST = frozenset(
    "BiasAdd BiasDropout BiasGelu BiasSoftmax FastGelu Gelu GroupNorm QuickGelu RotaryEmbedding "
    "SimplifiedLayerNormalization SkipGroupNorm SkipLayerNormalization SkipSimplifiedLayerNormalization".split()
)
_ELEMENT_OF = {"QuantizeLinear": 2, "DequantizeLinear": 1}  # operand that has the element type of the result
_SPELLED = {"tensor(bool)": "i1", "tensor(int64)": "i64", "tensor(float)": "f32", "tensor(int32)": "i32"}
_CODES = {1: "f32", 2: "ui8", 3: "i8", 6: "i32", 7: "i64", 9: "i1", 10: "f16", 11: "f64", 16: "bf16"}


def complete(op: Op) -> None:
    """Give the results of an op types where they have none, in place."""
    if op.name.startswith("helio.") or not any(_unknown(v) for v in op.results):
        return
    domain, _, kind = op.name.rpartition(".")
    if op.name in CONTRACTIONS:
        types = _contracted(op)
    elif domain == "com.microsoft" or kind == "SimplifiedLayerNormalization":
        types = _contributed(op, kind)
    else:
        types = {i: TensorType(e, None) for i in range(len(op.results)) if (e := _standard(op, kind, i)) is not None}
    for place, found in types.items():
        value = op.results[place]
        if _unknown(value) and isinstance(found, TensorType):
            own = value.type.dims if isinstance(value.type, TensorType) else None
            value.type = TensorType(found.element, found.dims if own is None else own)


def _unknown(value: Value) -> bool:
    return isinstance(value.type, TensorType) and not isinstance(value.type.element, ScalarType)


def _contracted(op: Op) -> dict[int, Type]:
    """By the rule that lowers it."""
    free = Op(op.name, op.operands, [TensorType(ScalarType("f32"), None)] * len(op.results), op.attributes)
    try:
        results = CONTRACTIONS[op.name](free, Lowering(Weights(), any_element=True))
    except StaysElectronic:
        return {}
    return {place: value.type for place, value in enumerate(results)}


def _contributed(op: Op, kind: str) -> dict[int, Type]:
    first = op.operands[0].type if op.operands else None
    if not isinstance(first, TensorType) or _unknown(op.operands[0]):
        return {}
    if kind in _LIKE_FIRST:
        return dict.fromkeys([i for i in (0, 3) if i < len(op.results)], first)
    place = _ELEMENT_OF.get(kind, len(op.operands))
    element = getattr(op.operands[place].type, "element", None) if place < len(op.operands) else None
    return {0: TensorType(element, first.dims)} if isinstance(element, ScalarType) else {}


def _standard(op: Op, kind: str, place: int) -> ScalarType | None:
    """The element type that the schema ties to an operand, or spells."""
    if kind == "Cast":
        code = op.attributes.get("to")
        return ScalarType(_CODES[code]) if isinstance(code, int) and code in _CODES else None
    schema = _schema(kind)
    if schema is None or not schema.outputs or not schema.inputs:
        return None
    wanted = schema.outputs[min(place, len(schema.outputs) - 1)].type_str
    if wanted in _SPELLED:
        return ScalarType(_SPELLED[wanted])
    for position, value in enumerate(op.operands):
        own = schema.inputs[min(position, len(schema.inputs) - 1)].type_str
        if own == wanted and isinstance(value.type, TensorType) and isinstance(value.type.element, ScalarType):
            return value.type.element
    return None


@cache
def _schema(kind: str) -> Any:
    import onnx.defs

    try:
        return onnx.defs.get_schema(kind)
    except onnx.defs.SchemaError:
        return None
