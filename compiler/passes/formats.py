"""The number formats of one contraction on a target's converters."""

from __future__ import annotations

from heliograph.backends import Precision
from heliograph.ir.dialects import Adc, Quant


def formats_of(
    precision: Precision | None,
    *,
    lhs_signed: bool = True,
    rhs_signed: bool = True,
    rhs_constant: bool = True,
    input_scale: str = "dynamic",
    input_axis: str = "row",
    weight_axis: str = "col",
) -> tuple[Quant, Quant, Adc]:
    """Formats of the streamed and the held operand and of the converter behind the detector; see `Quantize`.

    `precision` is what the target asks for, None for full precision. An operand that is known to be non-negative needs
    no sign scheme.
    """
    if precision is None:
        return Quant(), Quant(), Adc()
    scheme: str = precision.sign_scheme
    # fields carry a sign, intensities do not
    carried = "balanced" if precision.signed_inputs else "offset" if scheme == "offset" else "two-pass"
    static = input_scale == "static"
    lhs = Quant(
        bits=precision.input_bits,
        axis="tensor" if static else input_axis,
        scale=input_scale,
        signs=carried if lhs_signed else "unipolar",
    )
    rhs = Quant(
        bits=precision.weight_bits,
        axis=weight_axis,
        scale="absmax" if rhs_constant else "dynamic",
        signs=scheme if rhs_signed else "unipolar",
    )
    return lhs, rhs, Adc(bits=float(precision.adc_bits), range=precision.adc_range, repeats=precision.repeats)
