"""Price list of AWGR hardware.

Modulators and converters are paid per sample; while powered without sampling they still draw `idle_fraction` of
their full-rate power, billed as a line of its own. Writing weights counts from the system boundary, because the
inner boundaries are defined for resident weights (PHYSICS section 3).
"""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.awgr.light import amplifier_output_dbm
from heliograph.backends.families.prices import FJ, MW_PS, PJ, adc_pj, dac_pj, idle, line
from heliograph.backends.physics.units import milliwatt
from heliograph.backends.target import Target


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first."""
    laser, mzm, ring, formats = target.laser, target.mzm, target.ring, target.formats
    laser_mw = milliwatt(laser.launch_power_dbm) / laser.wall_plug_efficiency
    tia_mw = target.tia.power_mw * target.opu.symbol_rate_gbd / target.tia.power_at_ghz
    amplifier_mw = milliwatt(amplifier_output_dbm(target)) / target.edfa.wall_plug_efficiency
    input_pj = dac_pj(target.dac, formats.input_bits)
    weight_pj = dac_pj(target.dac, formats.weight_bits)

    gbd = target.opu.symbol_rate_gbd
    optical, converter, system = Boundary.OPTICAL, Boundary.CONVERTER, Boundary.SYSTEM
    drive_j, input_j, output_j = mzm.drive_fj * FJ, input_pj * PJ, adc_pj(target.adc) * PJ
    return (
        line("laser", optical, c.LASER, laser_mw * MW_PS),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction, gbd),
        line("ring", optical, c.RING, ring.static_mw * MW_PS),
        line("photodiode", optical, c.PHOTODIODE, target.photodiode.power_mw * MW_PS),
        line("tia", Boundary.ANALOG, c.TIA, tia_mw * MW_PS),
        line("dac", converter, c.DAC_SAMPLE, input_j),
        idle("dac", converter, c.DAC, c.DAC_SAMPLE, input_j, target.dac.idle_fraction, gbd),
        line("adc", converter, c.ADC_SAMPLE, output_j),
        idle("adc", converter, c.ADC, c.ADC_SAMPLE, output_j, target.adc.idle_fraction, gbd),
        line("amplifier", system, c.AMPLIFIER, amplifier_mw * MW_PS),
        line("weight dac", system, c.WEIGHT_DAC_SAMPLE, weight_pj * PJ),
        line("ring write", system, c.RING_WRITE, ring.write_fj_per_bit * formats.weight_bits * FJ),
    )
