"""What the converters on both sides of the light do to one number: the definition, in scalar arithmetic.

A number on light is a *code*: a share of full scale in [0, 1], or in [-1, 1] on two rails. An operand is

    value = scale * sum over parts of sign * (gain * code + offset)

with one part, or two ("two-pass": the positive and the negative numbers, one after the other). A detected partial
sum is the sum of products of codes over the ports of one tile, so it lies in [0, N] or [-N, N].
"""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import Quant
from heliograph.ir.kernel import KernelSpec

CALIBRATED_RMS = 4.0  # a calibrated range spans so many rms of the partial sums


def carrier(quant: Quant) -> str:
    """The sign scheme in force. Full precision (bits = 0) without a scheme carries signed numbers as they are."""
    return "balanced" if quant.bits == 0 and quant.signs == "unipolar" else quant.signs


def gain_offset(quant: Quant) -> tuple[float, float]:
    """`gain` and `offset` of the operand's codes."""
    return (2.0, -1.0) if carrier(quant) == "offset" else (1.0, 0.0)


def signs(quant: Quant) -> tuple[int, ...]:
    """Signs of the operand's parts."""
    return (1, -1) if carrier(quant) == "two-pass" else (1,)


def code(share: float, quant: Quant, sign: int) -> float:
    """The code of the part `sign` for a number given as a share of full scale; what exceeds the scale is cut off."""
    scheme = carrier(quant)
    if scheme == "offset":
        share = (share + 1) / 2
    elif scheme == "two-pass":
        share = sign * share
    low = -1.0 if scheme == "balanced" else 0.0
    share = min(max(share, low), 1.0)
    levels = 2**quant.bits - 1
    return share if quant.bits == 0 else round(share * levels) / levels  # Python rounds half to even


def lhs_full_scale(quant: Quant, lhs_scale: float | None) -> float | None:
    """The static scale of a call, None when the scale is the operand's absolute maximum.

    Raises HG9001 when the kernel wants a static scale and the call has none.
    """
    if quant.scale != "static":
        return None
    if lhs_scale is None:
        raise error("HG9001", "a kernel with a static input scale is called without 'lhs_scale'")
    return lhs_scale


@dataclass(frozen=True, slots=True)
class AdcRange:
    """What the converter behind a detector can tell apart; step 0 means everything."""

    low: float
    high: float
    step: float

    def convert(self, value: float) -> float:
        """Saturate, then round to a multiple of the step (half to even), so that darkness reads as zero."""
        if self.step == 0:
            return value
        return round(min(max(value, self.low), self.high) / self.step) * self.step


def adc_range(spec: KernelSpec, adc_rms: float | None) -> AdcRange:
    """The range for a call. `adc_rms` is the rms of the partial sums that reach the ADC, in units of codes.

    "full-scale" spans [0, N], or [-N, N] where codes are signed. "calibrated" spans 4 rms instead of N (but never
    more than N), on one side or both; without a measured rms it is the full scale.
    """
    signed = "balanced" in (carrier(spec.lhs), carrier(spec.rhs))
    high = float(spec.tile_k)
    if spec.adc.range == "calibrated" and adc_rms is not None and adc_rms > 0:
        high = min(high, CALIBRATED_RMS * adc_rms)
    low = -high if signed else 0.0
    return AdcRange(low, high, (high - low) / 2.0**spec.adc.bits if spec.adc.bits else 0.0)
