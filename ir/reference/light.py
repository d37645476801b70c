"""Encode, hold, multiply, detect: what happens to the numbers of one tile, one by one.

Between encode and detect a number is a code (`heliograph.ir.reference.converters`). Each part of the streamed operand
meets each part of the held one; every such product is detected by itself, and the digital side puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import Quant
from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import adc_range, code, gain_offset, lhs_full_scale, signs
from heliograph.ir.weights import Array


@dataclass(frozen=True)
class Call:
    """The attributes of the `func.call` that runs the kernel."""

    spec: KernelSpec
    lhs_scale: float | None
    adc_rms: float | None
    name: str


@dataclass(frozen=True)
class Tile:
    """Some rows of the streamed operand x[b], and tile_k of its columns; zeros beyond the last column."""

    values: Array  # [rows, tile_k]
    source: Array  # x
    b: int
    m: int


@dataclass(frozen=True)
class Bank:
    """A written weight tile, per part."""

    parts: list[tuple[int, Array]]  # sign, codes [tile_k, tile_n]
    scales: list[float]  # per column
    ports: int  # rows in use
    columns: int  # columns in use
    quant: Quant


@dataclass(frozen=True)
class Field:
    """Vectors on light, per part."""

    parts: list[tuple[int, Array]]  # sign, codes [rows, tile_k]
    scales: list[float]  # per row
    quant: Quant


@dataclass(frozen=True)
class Sums:
    """Light behind the router: the sum over ports, per pair of parts."""

    sums: list[tuple[int, Array]]  # sign, [rows, tile_n]
    field: Field
    bank: Bank


def hold(weights: Array, b: int, k: int, n: int, quant: Quant, shape: tuple[int, int], call: Call) -> Bank:
    """Write the tile of w[b] whose corner is (k, n)."""
    _check_finite(weights, call.name)
    tile = weights[b, k : k + shape[0], n : n + shape[1]].astype(np.float64)
    ports, columns = tile.shape
    scales = []
    for q in range(columns):
        whole = weights if quant.axis == "tensor" else weights[b, :, n + q]
        scales.append(float(np.max(np.abs(whole.astype(np.float64)))))
    parts = []
    for sign in signs(quant):
        codes = np.zeros(shape)
        for p in range(ports):
            for q in range(columns):
                codes[p, q] = code(_share(tile[p, q], scales[q]), quant, sign)
        parts.append((sign, codes))
    return Bank(parts, scales, ports, columns, quant)


def encode(tile: Tile, quant: Quant, call: Call) -> Field:
    """Modulate the rows of a tile."""
    _check_finite(tile.source, call.name)
    rows, ports = tile.values.shape
    static = lhs_full_scale(quant, call.lhs_scale)
    scales = []
    for row in range(rows):
        whole = tile.source if quant.axis == "tensor" else tile.source[tile.b, tile.m + row]
        scales.append(static if static is not None else float(np.max(np.abs(whole.astype(np.float64)))))
    parts = []
    for sign in signs(quant):
        codes = np.zeros((rows, ports))
        for row in range(rows):
            for p in range(ports):
                codes[row, p] = code(_share(float(tile.values[row, p]), scales[row]), quant, sign)
        parts.append((sign, codes))
    return Field(parts, scales, quant)


def multiply(bank: Bank, field: Field) -> Sums:
    """Every output sums its ports; ports that are not in use are dark."""
    sums = []
    for x_sign, x in field.parts:
        for w_sign, w in bank.parts:
            total = np.zeros((len(x), w.shape[1]))
            for row in range(len(x)):
                for q in range(w.shape[1]):
                    total[row, q] = sum(x[row, p] * w[p, q] for p in range(bank.ports))
            sums.append((x_sign * w_sign, total))
    return Sums(sums, field, bank)


def detect(light: Sums, call: Call) -> Array:
    """Convert every sum, and undo codes and scales digitally."""
    adc = adc_range(call.spec, call.adc_rms)
    field, bank = light.field, light.bank
    (gx, ox), (gw, ow) = gain_offset(field.quant), gain_offset(bank.quant)
    result = np.zeros((len(field.scales), light.sums[0][1].shape[1]))
    for row in range(len(field.scales)):
        for q in range(bank.columns):
            product = sum(sign * adc.convert(sums[row, q]) for sign, sums in light.sums)
            x_sum = sum(sign * x[row, : bank.ports].sum() for sign, x in field.parts)
            w_sum = sum(sign * w[: bank.ports, q].sum() for sign, w in bank.parts)
            value = gx * gw * product + gx * ow * x_sum + ox * gw * w_sum + ox * ow * bank.ports
            result[row, q] = field.scales[row] * bank.scales[q] * value
    return result


def _share(value: float, scale: float) -> float:
    return value / scale if scale > 0 else 0.0


def _check_finite(values: Array, layer: str) -> None:
    if not np.isfinite(values.astype(np.float64)).all():
        raise error("HG5002", "NaN or infinite values", node=layer)
