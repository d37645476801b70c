"""Multiply-accumulates of an ONNX op by the usual convention: zeros read from padding count."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from heliograph.compiler.analysis.attention_macs import ATTENTION
from heliograph.compiler.analysis.operand_shapes import integer, shape
from heliograph.compiler.contractions import RULES, Lowering, StaysElectronic
from heliograph.ir.core import Op, SymExpr, sym
from heliograph.ir.dialects.optical import IterSpace
from heliograph.ir.weights import Weights

_GATES = {"onnx.LSTM": 4, "onnx.GRU": 3, "onnx.RNN": 1, "com.microsoft.DynamicQuantizeLSTM": 4}


def macs_of(op: Op) -> SymExpr | None:
    """MACs of an op; None when it is no contraction, 0 when its shapes are unknown."""
    counted = _by_rule(op) if op.name in RULES else None
    if counted is not None and counted != sym(0):
        return counted
    formula = _FORMULAS.get(op.name)
    return counted if formula is None else formula(op)


def _by_rule(op: Op) -> SymExpr | None:
    """MACs of the products that a rule makes of an op, whatever the element types."""
    lowering = Lowering(Weights(), any_element=True)
    try:
        RULES[op.name](op, lowering)
    except StaysElectronic as reason:
        return None if reason.code == "HG2002" else sym(0)
    spaces = [o.attributes["space"] for o in lowering.ops if o.name == "optical.gemm"]
    return sum((s.macs for s in spaces if isinstance(s, IterSpace)), sym(0))


def _recurrent(op: Op) -> SymExpr:
    x, w = shape(op, 0), shape(op, 1)
    if x is None or w is None:
        return sym(0)
    gates = _GATES[op.name]
    if op.name.startswith("com.microsoft"):  # weights are stored [directions, features, gates * hidden]
        return x[0] * x[1] * w[0] * (w[2] * (w[1] + w[2] // gates))
    return x[0] * x[1] * w[0] * (w[1] * (w[2] + w[1] // gates))


def _blocked(op: Op) -> SymExpr:
    """MatMulNBits and its like: the attributes K and N give the size of the packed matrix."""
    x = shape(op, 0)
    if x is None:
        return sym(0)
    total = sym(integer(op, "N"))
    for size in x:
        total = total * size
    return total


def _convolution(op: Op) -> SymExpr:
    """Every result takes one multiplication per element of its filter."""
    kind, weight = op.results[0].type, shape(op, 3 if "QLinear" in op.name else 1)
    total = getattr(kind, "numel", None)
    if total is None or weight is None:
        return sym(0)
    taps: SymExpr = total
    for size in weight[1:]:
        taps = taps * size
    return taps


_FORMULAS: Mapping[str, Callable[[Op], SymExpr]] = {
    **dict.fromkeys(_GATES, _recurrent),
    **dict.fromkeys(("com.microsoft.MatMulNBits", "com.microsoft.MatMulBnb4"), _blocked),
    **dict.fromkeys(("com.microsoft.QLinearConv", "com.microsoft.FusedConv"), _convolution),
    **ATTENTION,
}
