"""Pieces of price lists that families share."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.physics.units import milliwatt
from heliograph.backends.sections import Adc, Dac
from heliograph.backends.target import Target

MW_PS = 1e-15  # J in 1 mW during 1 ps
FJ = 1e-15
PJ = 1e-12


def dac_pj(dac: Dac, bits: float) -> float:
    """Energy in pJ of one conversion of `bits`: measured power over rate, scaled as 2^b / (b + 1)."""

    def size(b: float) -> float:
        return float(2**b / (b + 1))

    return dac.power_mw / dac.power_at_gsps * size(bits) / size(dac.bits)


def adc_pj(adc: Adc) -> float:
    """Energy in pJ of one conversion: Walden figure of merit x 2^ENOB."""
    return adc.walden_fj_per_step * float(2**adc.enob) * 1e-3


def line(component: str, boundary: Boundary, counter: str, joule: float) -> Rate:
    """One counter, one price."""
    return Rate(component, boundary, ((counter, joule),))


def powered(component: str, boundary: Boundary, counter: str, milliwatts: float) -> Rate:
    """Power drawn while powered."""
    return line(component, boundary, counter, milliwatts * MW_PS)


def idle(
    component: str, boundary: Boundary, counter: str, sample: str, sample_j: float, part: float, rate_gbd: float
) -> Rate:
    """What a device that is paid per sample draws between samples: `part` of its power at full rate."""
    per_ps = part * sample_j * rate_gbd * 1e-3
    return Rate(f"{component} idle", boundary, ((counter, per_ps), (sample, -part * sample_j)))


def converters(target: Target, dac_gbd: float) -> tuple[Rate, ...]:
    """DACs of the streamed operand, which run at `dac_gbd`, and the ADC at every output, once per step."""
    dac, adc, converter = target.dac, target.adc, Boundary.CONVERTER
    input_j, output_j = dac_pj(dac, target.formats.input_bits) * PJ, adc_pj(adc) * PJ
    return (
        line("dac", converter, c.DAC_SAMPLE, input_j),
        idle("dac", converter, c.DAC, c.DAC_SAMPLE, input_j, dac.idle_fraction, dac_gbd),
        line("adc", converter, c.ADC_SAMPLE, output_j),
        idle("adc", converter, c.ADC, c.ADC_SAMPLE, output_j, adc.idle_fraction, target.opu.symbol_rate_gbd),
    )


def receiver(target: Target, rate_gbd: float) -> tuple[Rate, ...]:
    """Photodiodes, and amplifiers whose power grows with the symbol rate."""
    tia = target.tia
    return (
        powered("photodiode", Boundary.OPTICAL, c.PHOTODIODE, target.photodiode.power_mw),
        powered("tia", Boundary.ANALOG, c.TIA, tia.power_mw * rate_gbd / tia.power_at_ghz),
    )


def weight_dac(target: Target) -> Rate:
    """Conversions that set weights; weights are resident within the inner boundaries."""
    return line("weight dac", Boundary.SYSTEM, c.WEIGHT_DAC_SAMPLE, dac_pj(target.dac, target.formats.weight_bits) * PJ)


def laser_mw(target: Target) -> float:
    """Electric power of one laser line."""
    return milliwatt(target.laser.launch_power_dbm) / target.laser.wall_plug_efficiency
