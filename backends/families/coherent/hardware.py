"""Device counts and rates of one core.

A step of a tile multiplies `opu.fsr_orders` rows by `opu.ports_out` columns. Its opu.ports_in products are taken
wavelengths at a time, one symbol each, and added up as charge before one ADC sample: opu.symbol_rate_gbd is the rate
of steps, the modulators run faster by `symbols`.
"""

from __future__ import annotations

from dataclasses import dataclass

from heliograph.backends.families.coherent.sections import Dptc
from heliograph.backends.families.fields import clock_gbd
from heliograph.backends.target import Target


@dataclass(frozen=True, slots=True)
class Core:
    """One core of the array."""

    rows: int
    columns: int
    wavelengths: int
    symbols: int  # per step
    clock_gbd: float

    @property
    def nodes(self) -> int:
        """Dot products at once; each has two photodiodes, one amplifier and one ADC."""
        return self.rows * self.columns

    @property
    def channels(self) -> int:
        """Modulators, each with its DAC, its laser line and two router rings: rows and columns, every wavelength."""
        return (self.rows + self.columns) * self.wavelengths


def core(target: Target) -> Core:
    """Of one optical processing unit."""
    opu, wavelengths = target.opu, target.section(Dptc).wavelengths
    symbols = -(-opu.ports_in // wavelengths)
    return Core(opu.fsr_orders, opu.ports_out, wavelengths, symbols, clock_gbd(target, symbols))
