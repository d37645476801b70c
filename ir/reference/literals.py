"""The array of a `helio.weight` op: from the weights, or from the bytes written in the text."""

from __future__ import annotations

import json

import numpy as np

from heliograph.ir.core import Op, TensorType
from heliograph.ir.dialects import WeightRef
from heliograph.ir.program.dtypes import ELEMENTS, STRINGS, element_name, is_packed, numpy_dtype, unpack
from heliograph.ir.weights import Array, Weights


def weight_array(op: Op, weights: Weights) -> Array:
    """The array, read-only. Raises KeyError when the weight is unknown."""
    ref, kind = op.attributes["ref"], op.result.type
    assert isinstance(ref, WeightRef)
    if not ref.data:
        return weights[ref.name]
    assert isinstance(kind, TensorType)
    shape = tuple(int(d) for d in kind.shape or ())
    name, raw = ELEMENTS[element_name(kind.element)][0], bytes.fromhex(ref.data)
    if name == STRINGS:
        texts = [text.encode("latin-1").decode() for text in json.loads(raw)]  # bytes, as ONNX has them
        return np.array(texts, dtype=object).reshape(shape)
    if is_packed(name):
        return unpack(np.frombuffer(raw, np.uint8), name, shape)
    return np.frombuffer(raw, numpy_dtype(name)).reshape(shape)
