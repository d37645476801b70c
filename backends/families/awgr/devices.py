"""How many devices one OPU has.

Each FSR order n carries its own input vector, so lasers, modulators, detectors and converters come once per
order. Rings do not: a ring whose own FSR equals the router's puts the same weight on all orders, once per bank.
Balanced detection (two rails) doubles rings, photodiodes and amplifiers; the two currents are subtracted before
one ADC, and drop and through port share one laser line.
"""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.backends.target import Target


@dataclass(frozen=True, slots=True)
class Devices:
    """Device counts of one OPU."""

    lasers: int
    modulators: int  # each with its DAC
    rings: int
    photodiodes: int  # each with its TIA
    adcs: int
    amplifiers: int  # in channels: an EDFA is paid by the channels that use it


def devices(target: Target, rails: int) -> Devices:
    """Device counts with one or two rails."""
    opu = target.opu
    pairs = opu.ports_in * opu.ports_out
    return Devices(
        lasers=pairs * opu.fsr_orders,
        modulators=opu.ports_in * opu.fsr_orders,
        rings=pairs * opu.weight_banks * rails,
        photodiodes=opu.ports_out * opu.fsr_orders * rails,
        adcs=opu.ports_out * opu.fsr_orders,
        amplifiers=pairs * opu.fsr_orders * target.path.amplifiers,
    )
