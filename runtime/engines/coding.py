"""Arrays as codes on light, and back. The vectorised form of `heliograph.ir.reference.converters`."""

from __future__ import annotations

import numpy as np

from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import Quant
from heliograph.ir.reference.converters import AdcRange, carrier
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import work_dtype


def absolute_maximum(values: Array, quant: Quant, axis: int, layer: str, what: str) -> Array:
    """Full scale of an operand, kept as [1, 1, 1] or, per row or column, with `axis` reduced.

    Raises HG5002 for NaN or infinity, which no modulator can show.
    """
    if values.size == 0:
        return np.ones((1, 1, 1), work_dtype(values.dtype))
    axes = (0, 1, 2) if quant.axis == "tensor" else (axis,)
    dtype = work_dtype(values.dtype)
    high = np.max(values, axis=axes, keepdims=True).astype(dtype)
    low = np.min(values, axis=axes, keepdims=True).astype(dtype)
    scale: Array = np.maximum(high, -low)
    if not np.isfinite(scale).all():
        bad = int(np.count_nonzero(~np.isfinite(values)))
        raise error(
            "HG5002",
            f"{bad} of {values.size} {what} are NaN or infinite",
            node=layer,
            remedy="look for an overflow or a division by zero before this layer",
        )
    return scale


def encode(values: Array, scale: Array, quant: Quant, sign: int) -> Array:
    """Codes of one part of an operand; zeros where the scale is zero."""
    dtype = work_dtype(values.dtype)
    codes: Array = values.astype(dtype) / np.where(scale > 0, scale, np.inf).astype(dtype)
    scheme = carrier(quant)
    if scheme == "offset":
        codes += 1
        codes *= 0.5
    elif scheme == "two-pass" and sign < 0:
        np.negative(codes, out=codes)
    np.clip(codes, -1.0 if scheme == "balanced" else 0.0, 1.0, out=codes)
    if quant.bits:
        levels = 2**quant.bits - 1
        codes *= levels
        np.rint(codes, out=codes)
        codes /= levels
    return codes


def convert(partial: Array, adc: AdcRange) -> None:
    """Saturate and round partial sums, in place."""
    if adc.step:
        np.clip(partial, adc.low, adc.high, out=partial)
        partial *= 1 / adc.step
        np.rint(partial, out=partial)
        partial *= adc.step
