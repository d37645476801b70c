"""Number formats on light, and what signs cost.

Light intensity is never negative, so signed operands need a scheme (PHYSICS section 4):

- ``balanced``: add-drop rings with two routers and balanced detection carry signed weights on two rails
  (hardware x 2, -3 dB); signed inputs take two passes, x+ and x-, one where they are known non-negative.
- ``offset``: x' = (x + 1) / 2 on one rail, minus a precomputed sum (-6 dB per signed operand).
- ``two-pass``: each sign in a pass of its own on one rail: one pass per combination of signs.

Hardware that multiplies fields carries signs of both operands at once (`Precision.signed_inputs`): one pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from heliograph.backends.sections import Formats

SignScheme = Literal["balanced", "offset", "two-pass"]
AdcRange = Literal["full-scale", "calibrated"]


@dataclass(frozen=True, slots=True)
class Precision:
    """Formats of one contraction on light; bits count the whole range of a rail, `adc_bits` may be an ENOB."""

    input_bits: int
    weight_bits: int
    adc_bits: float
    sign_scheme: SignScheme
    adc_range: AdcRange
    repeats: int
    signed_inputs: bool = False  # inputs carry their sign on the field: no second pass, whatever the scheme

    @classmethod
    def of(cls, formats: Formats, adc_bits: float, *, signed_inputs: bool = False) -> Precision:
        """The formats a target file gives."""
        return cls(
            input_bits=formats.input_bits,
            weight_bits=formats.weight_bits,
            adc_bits=adc_bits,
            sign_scheme=cast(SignScheme, formats.sign_scheme),
            adc_range=cast(AdcRange, formats.adc_range),
            repeats=formats.repeats,
            signed_inputs=signed_inputs,
        )

    @property
    def rails(self) -> int:
        """Optical rails per output: 2 for balanced detection, else 1."""
        return 2 if self.sign_scheme == "balanced" else 1

    def passes(self, *, input_signed: bool, weight_signed: bool) -> int:
        """How often the symbols of a contraction are streamed because of signs (repeats not counted)."""
        if self.sign_scheme == "offset" or self.signed_inputs:
            return 1
        if self.sign_scheme == "balanced":
            return 2 if input_signed else 1
        return (2 if input_signed else 1) * (2 if weight_signed else 1)
