"""Operators that are spelled out in other ONNX operators so that their matrix products reach light."""

from collections.abc import Callable, Mapping

from heliograph.compiler.expansions import recurrent
from heliograph.ir.core import Op, Value

Expansion = Callable[[Op], tuple[list[Op], list[Value]]]

EXPANSIONS: Mapping[str, Expansion] = {
    "onnx.LSTM": recurrent.expand_lstm,
    "onnx.GRU": recurrent.expand_gru,
    "onnx.RNN": recurrent.expand_rnn,
}

__all__ = ["EXPANSIONS", "Expansion"]
