"""Integers for codes: how many units stand for light of 1 and for a weight of 1."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import AdcRange
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.noise import NoiseModel

_WORD = 2**15 - 1
_SUM = 2**31 - 1
_ADC_BITS = 22  # codes are rounded by adding 1.5 * 2**23 to them
_BYTE = 255
_BYTE_PORTS = 128  # so that sums of bytes are less than 2**23
_VARIANCE = 0.01  # rms error of the variance by rounding magnitudes and squares to bytes
_ROUNDING = 0.005  # rms error of a slice by rounding real numbers to integers, in ADC steps


@dataclass(frozen=True)
class Units:
    """`integers`: operands are int16, and a slice's sums of products fit int32; otherwise float32.

    Magnitudes and squares, from which only the variance is computed, are bytes where that is exact enough.
    """

    integers: bool
    mixed_light: bool  # light is not a multiple of a level
    light: float
    weight: float
    light_size: float  # likewise of magnitudes
    weight_size: float
    light_square: float = 1.0
    weight_square: float = 1.0
    bytes_suffice: bool = False  # for magnitudes and squares


def levels(bits: int) -> int:
    """Steps of the full scale; 1 for full precision."""
    return 2**bits - 1 if bits else 1


def symbol_share(spec: KernelSpec, noise: NoiseModel) -> float:
    """Light left over from the symbol before, as float32 arithmetic sees it: 0 when 1 minus it is 1."""
    share = np.float32(noise.isi / spec.adc.repeats)
    return float(share) if np.float32(1) - share != 1 else 0.0


def codes_add_up(adc_bits: float, slices: int) -> bool:
    """Whether codes of the ADC, and sums of those of all slices, are integers that the kernel can hold."""
    return 0 < adc_bits <= _ADC_BITS and slices * 2 ** (adc_bits - 1) < _SUM


def largest_weight(noise: NoiseModel) -> float:
    """No weight is larger: codes of up to 1, with errors of up to 7 standard deviations, and what leaks to them."""
    leaked = float(np.abs(np.asarray(noise.leak)).sum(axis=1).max()) if np.any(noise.leak) else 0.0
    return (1 + 7 * noise.weight_sigma) * (1 + leaked)


def choose_units(
    isa: Isa, spec: KernelSpec, noise: NoiseModel, adc: AdcRange, real_weights: bool, largest: float
) -> Units:
    """Units for weights of magnitudes up to `largest`, which are multiples of a level unless `real_weights`."""
    mixed = noise.extinction_floor > 0 or symbol_share(spec, noise) > 0
    largest = max(largest, 1.0)
    words = _words(isa, spec, adc.step, largest, mixed_light=mixed, real_weights=real_weights)
    if isa is not Isa.VNNI or not words.integers or spec.tile_k % 4 or spec.tile_k > _BYTE_PORTS:
        return words
    bytes_ = replace(
        words,
        light_size=_BYTE if mixed else _byte_multiple(spec.lhs.bits),
        weight_size=_BYTE / largest if real_weights else _byte_multiple(spec.rhs.bits),
        light_square=_BYTE,
        weight_square=_BYTE / largest**2,
        bytes_suffice=True,
    )
    return bytes_ if _variance_error(bytes_, spec, noise, adc.step, largest) <= _VARIANCE else words


def _words(isa: Isa, spec: KernelSpec, step: float, largest: float, *, mixed_light: bool, real_weights: bool) -> Units:
    """Units of int16, or of float32 where those do not suffice."""
    unit = 1.0 if mixed_light else float(levels(spec.lhs.bits))
    plain = Units(False, mixed_light, unit, 1.0, unit, 1.0)
    ports = spec.tile_k
    if isa is Isa.GENERIC or ports % 2 or not spec.lhs.bits or not spec.rhs.bits:
        return plain
    room = _SUM // ports
    half = min(_WORD, math.isqrt(room))
    weight: float = levels(spec.rhs.bits)
    light = half if mixed_light and real_weights else levels(spec.lhs.bits)
    if real_weights:
        weight = (min(_WORD, room // light) - 1) / largest
    elif mixed_light:
        light = int(min(_WORD, room // weight))
    if light < 1 or light > _WORD or weight * largest > _WORD or light * weight * largest > room:
        return plain
    error = math.sqrt(ports / 12) * (real_weights / weight + mixed_light / light)
    if error > _ROUNDING * step:
        return plain
    return Units(True, mixed_light, float(light), weight, float(light), weight, float(half), (half - 1) / largest**2)


def _byte_multiple(bits: int) -> float:
    """The largest byte of which all codes are whole multiples, if there is one."""
    return float(_BYTE // levels(bits) * levels(bits) or _BYTE)


def _variance_error(units: Units, spec: KernelSpec, noise: NoiseModel, step: float, largest: float) -> float:
    """Rms error of a slice's variance by rounding to bytes, as a share of it and of the ADC's own; the worst case."""
    one = math.sqrt(spec.tile_k / 12)
    total_error = one * math.hypot(1 / units.light_size, largest / (units.weight_size * largest))
    square_error = one * math.hypot(1 / units.light_square, 1 / units.weight_square)
    total = spec.tile_k * largest * 2.0 ** -np.arange(16)
    off = (abs(noise.c1) + 2 * noise.c2 * total) * total_error + abs(noise.c3) * square_error
    drawn = noise.c0 + noise.c1 * total + (noise.c2 + min(noise.c3, 0)) * total**2
    return float(np.max(off / (drawn + spec.adc.repeats * step**2 / 12)))
