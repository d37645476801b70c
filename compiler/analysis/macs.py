"""Multiply-accumulates of an ONNX op by the usual convention: zeros read from padding count."""

from __future__ import annotations

from collections.abc import Callable

from heliograph.compiler.contractions import RULES, Lowering, StaysElectronic
from heliograph.ir.core import Op, ScalarType, SymExpr, TensorType, Value, sym
from heliograph.ir.dialects.optical import IterSpace
from heliograph.ir.weights import Weights

_GATES = {"onnx.LSTM": 4, "onnx.GRU": 3, "onnx.RNN": 1}
# integer contractions: which operands are the two factors, and the op that says how they are contracted
_INTEGER = {
    "onnx.MatMulInteger": ("onnx.MatMul", 0, 1),
    "onnx.ConvInteger": ("onnx.Conv", 0, 1),
    "onnx.QLinearMatMul": ("onnx.MatMul", 0, 3),
    "onnx.QLinearConv": ("onnx.Conv", 0, 3),
}


def macs_of(op: Op) -> SymExpr | None:
    """MACs of an op; None when it is no contraction, 0 when its shapes are unknown."""
    name, operands = op.name, op.operands
    if name in _INTEGER:
        name, left, right = _INTEGER[name]
        operands = [op.operands[left], op.operands[right]]
    if name in RULES:
        return _by_rule(Op(name, operands[:2], [op.results[0].type], op.attributes), RULES[name])
    if name in _GATES:
        return _recurrent(op, _GATES[name])
    if name == "onnx.Attention":
        return _attention(op)
    return None


def _by_rule(op: Op, rule: Callable[[Op, Lowering], list[Value]]) -> SymExpr | None:
    lowering = Lowering(Weights(), any_element=True)
    try:
        rule(op, lowering)
    except StaysElectronic as reason:
        return None if reason.code == "HG2002" else sym(0)
    spaces = [o.attributes["space"] for o in lowering.ops if o.name == "optical.gemm"]
    return sum((s.macs for s in spaces if isinstance(s, IterSpace)), sym(0))


def _shape(op: Op, index: int) -> tuple[SymExpr, ...] | None:
    if index >= len(op.operands) or op.operands[index].type == ScalarType("none"):
        return None
    kind = op.operands[index].type
    return kind.shape if isinstance(kind, TensorType) else None


def _recurrent(op: Op, gates: int) -> SymExpr:
    x, w = _shape(op, 0), _shape(op, 1)
    if x is None or w is None:
        return sym(0)
    directions, hidden = w[0], w[1] // gates
    return x[0] * x[1] * directions * (w[1] * (w[2] + hidden))


def _attention(op: Op) -> SymExpr:
    """Q K^T and the product with V: opset-23 Attention with 4-D inputs, or 3-D ones with head counts."""
    q, k, v, past = (_shape(op, i) for i in (0, 1, 2, 4))
    if q is None or k is None or v is None:
        return sym(0)
    length = k[-2] + (past[-2] if past is not None else 0)
    if len(q) == 4:
        return q[0] * q[1] * q[2] * length * (q[3] + v[3])
    heads_q, heads_kv = op.attributes.get("q_num_heads", 1), op.attributes.get("kv_num_heads", 1)
    assert isinstance(heads_q, int)
    assert isinstance(heads_kv, int)
    return q[0] * q[1] * length * (q[2] + (v[2] // heads_kv) * heads_q)
