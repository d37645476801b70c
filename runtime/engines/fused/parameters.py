"""The numbers that a compiled kernel is told about a call."""

from __future__ import annotations

import numpy as np

from heliograph.ir.reference.converters import adc_range, carrier, gain_offset
from heliograph.ir.weights import Array
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.engines.fused.shape import PARAMETERS, Shape
from heliograph.runtime.engines.fused.units import Units, levels, symbol_share
from heliograph.runtime.engines.noise import NoiseModel

_SMALLEST = 1e-30  # variance of silence: keeps its reciprocal square root finite


def parameters(call: KernelCall, noise: NoiseModel, units: Units, shape: Shape) -> Array:
    """In the order of `PARAMETERS`; `scale` is for a call to set."""
    spec = call.spec
    adc = adc_range(spec, call.adc_rms)
    (gx, _), (gw, ow) = gain_offset(spec.lhs), gain_offset(spec.rhs)
    scheme = carrier(spec.lhs)
    product = units.light * units.weight
    size = units.light_size * units.weight_size if shape.byte_sizes else product
    square = units.light_square * units.weight_square
    repeats = spec.adc.repeats  # are averaged
    left = symbol_share(spec, noise)
    lit = (1 - noise.extinction_floor) * units.light / levels(spec.lhs.bits)
    named = {
        "to_steps": 1 / (product * adc.step),
        "c0": noise.c0 / repeats * product**2 + _SMALLEST,
        "c1": noise.c1 / repeats * product**2 / size,
        "c2": noise.c2 / repeats * (product / size) ** 2,
        "c3": noise.c3 / repeats * product**2 / square,
        "low": adc.low / adc.step,
        "high": adc.high / adc.step,
        "gain": adc.step * gx * gw / (1 - noise.extinction_floor),
        "code_gain": gx * ow,
        "scale": 0.0,
        "levels": levels(spec.lhs.bits),
        "add": 1.0 if scheme == "offset" else 0.0,
        "multiply": 0.5 if scheme == "offset" else 1.0,
        "least": -1.0 if scheme in ("balanced", "two-pass") else 0.0,
        "own_unit": (1 - left) * lit,
        "left_unit": left * lit,
        "dark": noise.extinction_floor * units.light,
        "size_unit": units.light_size / units.light,
        "square_unit": units.light_square / units.light**2,
    }
    return np.array([named[name] for name in PARAMETERS], np.float32)
