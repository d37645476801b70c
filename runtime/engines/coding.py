"""Arrays as codes on light, and back. The vectorised form of `heliograph.ir.reference.converters`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from heliograph.ir.diagnostics import HeliographError, error
from heliograph.ir.dialects import Quant
from heliograph.ir.reference.converters import AdcRange, carrier, lhs_full_scale
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import work_dtype
from heliograph.runtime.windows import Streamed

_LIMITS = {np.dtype(t): (float(np.finfo(t).tiny), float(np.finfo(t).max)) for t in (np.float32, np.float64)}


def absolute_maximum(values: Array, quant: Quant, axis: int, layer: str, what: str) -> Array:
    """Full scale of an operand, kept as [1, 1, 1] or, per row or column, with `axis` reduced.

    Raises HG5002 for NaN or infinity, which no modulator can show.
    """
    if values.size == 0:
        return np.ones((1, 1, 1), work_dtype(values.dtype))
    scale = _magnitude(values, (0, 1, 2) if quant.axis == "tensor" else (axis,))
    if not np.isfinite(scale).all():
        raise _refusal(_not_finite(values), values.size, layer, what)
    return scale


def streamed_maximum(inputs: Streamed, quant: Quant, layer: str) -> Array:
    """Full scale of a streamed operand, [1, 1, 1] or [B, M, 1]. Raises HG5002 for NaN or infinity."""
    if inputs.size == 0:
        return np.ones((1, 1, 1), work_dtype(inputs.dtype))
    if quant.axis == "tensor":
        scale: Array = np.max([_magnitude(part, None) for part in inputs.elements()]).reshape(1, 1, 1)
    else:
        rows = [_magnitude(part, (2,)).reshape(-1) for part in inputs.blocks()]
        scale = np.concatenate(rows).reshape(*inputs.shape[:2], 1)
    if not np.isfinite(scale).all():
        raise not_finite(inputs, layer)
    return scale


def has_row_scales(quant: Quant) -> bool:
    """Whether the full scale of each row of a streamed operand is its own largest magnitude."""
    return quant.scale != "static" and quant.axis != "tensor"


def full_scale(inputs: Streamed, quant: Quant, static: float | None, layer: str) -> Array:
    """Full scale of a streamed operand, the static one where it has that. Raises HG5002 for NaN or infinity."""
    measured = streamed_maximum(inputs, quant, layer)
    given = lhs_full_scale(quant, static)
    return measured if given is None else np.full((1, 1, 1), given, measured.dtype)


def not_finite(inputs: Streamed, layer: str) -> HeliographError:
    """The error HG5002 for a streamed operand that holds NaN or infinity."""
    return _refusal(sum(_not_finite(part) for part in inputs.blocks()), inputs.size, layer, "streamed values")


def _magnitude(values: Array, axes: tuple[int, ...] | None) -> Array:
    dtype = work_dtype(values.dtype)
    high = np.max(values, axis=axes, keepdims=True).astype(dtype)
    low = np.min(values, axis=axes, keepdims=True).astype(dtype)
    magnitude: Array = np.maximum(high, -low)
    return magnitude


def _not_finite(values: Array) -> int:
    return int(np.count_nonzero(~np.isfinite(values)))


def _refusal(bad: int, size: int, layer: str, what: str) -> HeliographError:
    remedy = "look for an overflow or a division by zero before this layer"
    return error("HG5002", f"{bad} of {size} {what} are NaN or infinite", node=layer, remedy=remedy)


class Scales(NamedTuple):
    """Full scales of rows and columns, and the powers of two by which results are still to be multiplied."""

    rows: Array
    columns: Array
    row_powers: Array | None = None
    column_powers: Array | None = None


def extent(scales: Array) -> tuple[float, float]:
    """The least scale above zero, 1 if that is less, and the largest."""
    least = float(scales.min(initial=1))
    return least or float(scales.min(initial=1, where=scales > 0)), float(scales.max(initial=0))


def are_normal(rows: tuple[float, float], columns: tuple[float, float], dtype: npt.DTypeLike) -> bool:
    """Whether all products of scales of such extents are normal numbers of a type."""
    least, largest = _LIMITS[np.dtype(dtype)]
    return rows[1] * columns[1] <= largest and rows[0] * columns[0] >= least


def normal_scales(rows: Array, columns: Array, of_columns: tuple[float, float]) -> Scales:
    """Scales as they are where all their products are normal numbers of their type, else as mantissas and powers.

    That a product of scales is beyond the type does not mean that results are, nor may zero become zero times infinity.
    `of_columns` is the `extent` of the columns.
    """
    if are_normal(extent(rows), of_columns, rows.dtype):
        return Scales(rows, columns)
    (rows, row_powers), (columns, column_powers) = np.frexp(rows), np.frexp(columns)
    return Scales(rows, columns, row_powers, column_powers)


def times_powers(values: Array, powers: Array) -> Array:
    """Values times powers of two; infinite where that is beyond their type."""
    with np.errstate(over="ignore"):
        scaled: Array = np.ldexp(values, powers)
    return scaled


def rescaled(results: Array, scales: Scales) -> Array:
    """Results [B, M, N] times the powers that `scales` left for them; columns of scales beyond N are padding."""
    if scales.row_powers is None or scales.column_powers is None:
        return results
    return times_powers(results, scales.row_powers + scales.column_powers[..., : results.shape[-1]])


def narrowed(results: Array, dtype: np.dtype[Any]) -> Array:
    """Results in the type of the inputs; infinite where they are beyond it."""
    with np.errstate(over="ignore"):
        return results.astype(dtype, copy=False)


def encode(values: Array, scale: Array, quant: Quant, sign: int) -> Array:
    """Codes of one part of an operand; zeros where the scale is zero."""
    dtype = work_dtype(values.dtype)
    with np.errstate(over="ignore"):  # beyond a static scale
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
