"""Integers for codes: how many units stand for light of 1 and for a weight of 1."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import AdcRange
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.noise import NoiseModel

_WORD = 2**15 - 1
_SUM = 2**31 - 1
_ADC_BITS = 22  # codes are rounded by adding 1.5 * 2**23 to them
_ROUNDING = 0.005  # rms error of a slice by rounding real numbers to integers, in ADC steps


@dataclass(frozen=True)
class Units:
    """`integers`: operands are int16, and a slice's sums of products fit int32; otherwise float32."""

    integers: bool
    mixed_light: bool  # light is not a multiple of a level
    light: float
    weight: float
    light_square: float = 1.0
    weight_square: float = 1.0


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


def choose_units(
    isa: Isa, spec: KernelSpec, noise: NoiseModel, adc: AdcRange, real_weights: bool, largest: float
) -> Units:
    """Units for weights of magnitudes up to `largest`, which are multiples of a level unless `real_weights`."""
    mixed = noise.extinction_floor > 0 or symbol_share(spec, noise) > 0
    plain = Units(False, mixed, 1.0 if mixed else float(levels(spec.lhs.bits)), 1.0)
    ports = spec.tile_k
    if isa is not Isa.VNNI or ports % 2 or not spec.lhs.bits or not spec.rhs.bits:
        return plain
    room = _SUM // ports
    half = min(_WORD, math.isqrt(room))
    largest = max(largest, 1.0)
    weight: float = levels(spec.rhs.bits)
    light = half if mixed and real_weights else levels(spec.lhs.bits)
    if real_weights:
        weight = (min(_WORD, room // light) - 1) / largest
    elif mixed:
        light = int(min(_WORD, room // weight))
    if light < 1 or light > _WORD or weight * largest > _WORD or light * weight * largest > room:
        return plain
    error = math.sqrt(ports / 12) * (real_weights / weight + mixed / light)
    if error > _ROUNDING * adc.step:
        return plain
    return Units(True, mixed, float(light), weight, float(half), (half - 1) / largest**2)
