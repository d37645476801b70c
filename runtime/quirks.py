"""Operators that onnxruntime is known to get wrong, or to refuse only while running: the reference computes them.

What onnxruntime refuses beforehand needs no entry. Each entry says what is wrong with onnxruntime 1.32, and
`tests/runtime/test_quirks.py` says when an entry is no longer needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from heliograph.ir.core import AttributeValue, Op, ScalarType, TensorType, Value, walk
from heliograph.ir.reference.literals import weight_array
from heliograph.ir.weights import Array, Weights

_DEFAULT = ("onnx", "ai.onnx")


class Quirks:
    """Knows the constants of one region, on which some of the answers depend."""

    def __init__(self, region: Op, opsets: Mapping[str, AttributeValue], weights: Weights) -> None:
        self._weights = weights
        opset = opsets.get("onnx", opsets.get("ai.onnx", 1))
        self.opset = opset if isinstance(opset, int) else 1
        self._constants = {op.result: op for op in walk(region) if op.name == "helio.weight"}
        self._absent = {op.result for op in walk(region) if op.name == "helio.none"}

    def why_not(self, op: Op) -> str:
        """Why onnxruntime must not run an op, those of its bodies included; empty when it may."""
        return next(self._reasons(op), "")

    def _reasons(self, op: Op) -> Iterator[str]:
        for inner in walk(op):
            domain, _, kind = inner.name.rpartition(".")
            if domain in _DEFAULT and kind in _CHECKS:
                why = _CHECKS[kind](inner, self)
                if why:
                    yield why

    def given(self, op: Op, index: int) -> bool:
        """Whether an optional input is there."""
        return len(op.operands) > index and op.operands[index] not in self._absent

    def constant(self, value: Value) -> Array | None:
        """The contents of a small constant."""
        op = self._constants.get(value)
        if op is None or not isinstance(op.result.type, TensorType) or int(op.result.type.numel or 0) > 64:
            return None
        return weight_array(op, self._weights)


def _fourier(op: Op, quirks: Quirks) -> str:
    return "its error is far above that of the element type"


def _dropout(op: Op, quirks: Quirks) -> str:
    if quirks.opset < 12 or not quirks.given(op, 2):
        return ""
    training = quirks.constant(op.operands[2])
    return "" if training is not None and not training.any() else "its draws for a seed are not the reference's"


def _max_unpool(op: Op, quirks: Quirks) -> str:
    return "it takes indices for those of the smaller output" if quirks.given(op, 2) else ""


def _resize(op: Op, quirks: Quirks) -> str:
    corners = op.attributes.get("coordinate_transformation_mode") == "align_corners"
    if quirks.opset < 11 or not corners or not quirks.given(op, 2):
        return ""
    scales = quirks.constant(op.operands[2])
    if scales is not None and not np.any(scales % 1):
        return ""
    return "it rounds sizes before it aligns corners"


def _attention(op: Op, quirks: Quirks) -> str:
    """For nodes that the frontend could not spell out."""
    if op.attributes.get("is_causal") and len(op.results) > 3:
        return "the products that it gives out lack the causal mask"
    return "it takes no padded keys with a mask" if quirks.given(op, 6) else ""


def _conv_integer(op: Op, quirks: Quirks) -> str:
    if not quirks.given(op, 3):
        return ""
    kind = op.operands[3].type
    scalar = isinstance(kind, TensorType) and kind.rank == 0
    return "" if scalar else "it takes no zero points per channel"


def _reduce(op: Op, quirks: Quirks) -> str:
    kind = op.operands[0].type
    boolean = isinstance(kind, TensorType) and kind.element == ScalarType("i1")
    return "it refuses empty sets of booleans" if boolean else ""


_CHECKS: dict[str, Callable[[Op, Quirks], str]] = {
    "DFT": _fourier,
    "STFT": _fourier,
    "Dropout": _dropout,
    "MaxUnpool": _max_unpool,
    "Resize": _resize,
    "Attention": _attention,
    "ConvInteger": _conv_integer,
    "ReduceMax": _reduce,
    "ReduceMin": _reduce,
}
