"""Operators whose values onnxruntime is known to get wrong, and which ONNX's reference computes instead.

Failures need no entry here: what onnxruntime refuses goes to the reference anyway. Each entry says what is wrong with
onnxruntime 1.32, and `tests/runtime/test_quirks.py` says when an entry is no longer needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

    Constants = Mapping[str, onnx.TensorProto]
    Check = Callable[[onnx.NodeProto, Constants, int], str]


def known_wrong(node: onnx.NodeProto, constants: Constants, opset: int) -> str:
    """Why onnxruntime must not run a node; empty when it may. `constants` are the initializers by name."""
    if node.domain not in ("", "ai.onnx"):
        return ""
    check = _CHECKS.get(node.op_type)
    return check(node, constants, opset) if check is not None else ""


def _attribute(node: onnx.NodeProto, name: str, default: int | str | tuple[int, ...]) -> int | str | tuple[int, ...]:
    for attribute in node.attribute:
        if attribute.name == name:
            if isinstance(default, tuple):
                return tuple(attribute.ints)
            return attribute.i if isinstance(default, int) else attribute.s.decode()
    return default


def _has_input(node: onnx.NodeProto, index: int) -> bool:
    return len(node.input) > index and bool(node.input[index])


def _fourier(node: onnx.NodeProto, constants: Constants, opset: int) -> str:
    return "its error is far above that of the element type"


def _cast_like(node: onnx.NodeProto, constants: Constants, opset: int) -> str:
    return "" if _attribute(node, "saturate", 1) else "it saturates although saturate=0"


def _dropout(node: onnx.NodeProto, constants: Constants, opset: int) -> str:
    from onnx import numpy_helper

    if opset < 12 or not _has_input(node, 2):
        return ""
    training = constants.get(node.input[2])
    if training is not None and not numpy_helper.to_array(training).any():
        return ""
    return "its draws for a seed are not the reference's"


def _max_unpool(node: onnx.NodeProto, constants: Constants, opset: int) -> str:
    return "it takes indices for those of the smaller output" if _has_input(node, 2) else ""


def _resize(node: onnx.NodeProto, constants: Constants, opset: int) -> str:
    from onnx import numpy_helper

    if _attribute(node, "coordinate_transformation_mode", "half_pixel") != "align_corners" or opset < 11:
        return ""
    scales = constants.get(node.input[2]) if _has_input(node, 2) else None
    if scales is None or not (numpy_helper.to_array(scales) % 1).any():
        return ""
    return "it rounds the size before it aligns corners"


def _attention(node: onnx.NodeProto, constants: Constants, opset: int) -> str:
    return "its causal mask is at another place" if _attribute(node, "is_causal", 0) else ""


_CHECKS: dict[str, Check] = {
    "DFT": _fourier,
    "STFT": _fourier,
    "CastLike": _cast_like,
    "Dropout": _dropout,
    "MaxUnpool": _max_unpool,
    "Resize": _resize,
    "Attention": _attention,
}
