"""Price list of AWGR hardware.

Modulators and converters are paid per sample; while powered without sampling they still draw `idle_fraction` of
their full-rate power, billed as a line of its own. Writing weights counts from the system boundary, because the
inner boundaries are defined for resident weights (PHYSICS section 3).
"""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.awgr.light import amplifier_output_dbm
from heliograph.backends.physics.units import milliwatt
from heliograph.backends.sections import Dac
from heliograph.backends.target import Target

_MW_PS = 1e-15  # J in 1 mW during 1 ps
_FJ = 1e-15
_PJ = 1e-12


def dac_pj(dac: Dac, bits: float) -> float:
    """Energy in pJ of one conversion of `bits`: measured power over rate, scaled as 2^b / (b + 1)."""

    def size(b: float) -> float:
        return float(2**b / (b + 1))

    return dac.power_mw / dac.power_at_gsps * size(bits) / size(dac.bits)


def adc_pj(target: Target) -> float:
    """Energy in pJ of one conversion: Walden figure of merit x 2^ENOB."""
    return target.adc.walden_fj_per_step * float(2**target.adc.enob) * 1e-3


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first."""
    laser, mzm, ring, formats = target.laser, target.mzm, target.ring, target.formats
    laser_mw = milliwatt(laser.launch_power_dbm) / laser.wall_plug_efficiency
    tia_mw = target.tia.power_mw * target.opu.symbol_rate_gbd / target.tia.power_at_ghz
    amplifier_mw = milliwatt(amplifier_output_dbm(target)) / target.edfa.wall_plug_efficiency
    input_pj = dac_pj(target.dac, formats.input_bits)
    weight_pj = dac_pj(target.dac, formats.weight_bits)

    def line(component: str, boundary: Boundary, counter: str, joule: float) -> Rate:
        return Rate(component, boundary, ((counter, joule),))

    def idle(component: str, boundary: Boundary, powered: str, sample: str, sample_j: float, part: float) -> Rate:
        per_ps = part * sample_j * target.opu.symbol_rate_gbd * 1e-3  # J/ps while idle
        return Rate(f"{component} idle", boundary, ((powered, per_ps), (sample, -part * sample_j)))

    optical, converter, system = Boundary.OPTICAL, Boundary.CONVERTER, Boundary.SYSTEM
    drive_j, input_j, output_j = mzm.drive_fj * _FJ, input_pj * _PJ, adc_pj(target) * _PJ
    return (
        line("laser", optical, c.LASER, laser_mw * _MW_PS),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction),
        line("ring", optical, c.RING, ring.static_mw * _MW_PS),
        line("photodiode", optical, c.PHOTODIODE, target.photodiode.power_mw * _MW_PS),
        line("tia", Boundary.ANALOG, c.TIA, tia_mw * _MW_PS),
        line("dac", converter, c.DAC_SAMPLE, input_j),
        idle("dac", converter, c.DAC, c.DAC_SAMPLE, input_j, target.dac.idle_fraction),
        line("adc", converter, c.ADC_SAMPLE, output_j),
        idle("adc", converter, c.ADC, c.ADC_SAMPLE, output_j, target.adc.idle_fraction),
        line("amplifier", system, c.AMPLIFIER, amplifier_mw * _MW_PS),
        line("weight dac", system, c.WEIGHT_DAC_SAMPLE, weight_pj * _PJ),
        line("ring write", system, c.RING_WRITE, ring.write_fj_per_bit * formats.weight_bits * _FJ),
    )
