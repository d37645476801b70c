"""What operands of a product of fast fidelity are stored as: integers where codes fit them, real weights rounded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from heliograph.ir.kernel import KernelSpec
from heliograph.ir.reference.converters import AdcRange, carrier
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.fused.units import levels

_BYTE, _WORD, _SUM = 2**7 - 1, 2**15 - 1, 2**31 - 1
_ROUNDING = 0.005  # rms error of a slice by rounding real weights to integers, in ADC steps
_CHUNK = 256  # words: a panel's weights of so many stay in a core's second-level cache
_PORTS = (256, 64)  # summed in int16 products before real weights are rounded coarser, and at least


class Element(Enum):
    """What operands are stored as. A word of 32 bits holds as many as one instruction adds up per lane."""

    INT8 = 1  # streamed: unsigned
    INT16 = 2
    FLOAT = 4

    @property
    def bytes(self) -> int:
        """Size of one number."""
        return self.value

    @property
    def per_word(self) -> int:
        """Numbers in 32 bits."""
        return 4 // self.value


@dataclass(frozen=True)
class OnceUnits:
    """`light`, `weight`: what stands for 1; `chunk`: words of 32 bits whose products may be summed in integers."""

    element: Element
    biased: bool  # light of both signs in bytes without a sign
    light: float
    weight: float
    chunk: int = _CHUNK


def choose_once_units(isa: Isa, spec: KernelSpec, adc: AdcRange, real_weights: bool, largest: float) -> OnceUnits:
    """Units for weights of magnitudes up to `largest`, which are multiples of a level unless `real_weights`."""
    light, weight = levels(spec.lhs.bits), levels(spec.rhs.bits)
    plain = OnceUnits(Element.FLOAT, False, float(light), 1.0)
    if isa is not Isa.VNNI or not spec.lhs.bits or not spec.rhs.bits or light > _WORD:
        return plain
    if not real_weights:
        signed = carrier(spec.lhs) in ("balanced", "two-pass")
        if weight <= _BYTE and light <= (_BYTE if signed else 2 * _BYTE + 1):
            return OnceUnits(Element.INT8, signed, float(light), float(weight))
        return _words(light, weight) if weight <= _WORD else plain
    for ports in _PORTS:
        unit = (min(_WORD, _SUM // (light * ports)) - 1) / max(largest, 1.0)
        if unit > 0 and math.sqrt(spec.tile_k / 12) / unit <= _ROUNDING * adc.step:
            return _words(light, unit, max(largest, 1.0))
    return plain


def _words(light: int, weight: float, largest: float = 1.0) -> OnceUnits:
    ports = int(_SUM / (light * (weight * largest + 1)))
    if ports < Element.INT16.per_word:
        return OnceUnits(Element.FLOAT, False, float(light), 1.0)
    return OnceUnits(Element.INT16, False, float(light), float(weight), min(_CHUNK, ports // Element.INT16.per_word))
