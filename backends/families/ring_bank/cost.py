"""Device activity and price list of the ring bank."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.prices import FJ, PJ, adc_pj, dac_pj, idle, line, powered
from heliograph.backends.families.ring_bank.sections import InputRing
from heliograph.backends.physics.units import exact, milliwatt
from heliograph.backends.target import Target


def activity(target: Target, task: GemmActivity) -> Activity:
    """One add-drop ring per weight and bank carries both signs; two photodiodes per output when balanced."""
    opu, ps = target.opu, task.powered_ps
    return Activity.of(
        {
            c.MZM_SYMBOL: task.input_symbols,
            c.DAC_SAMPLE: task.input_symbols,
            c.ADC_SAMPLE: task.output_samples,
            c.RING_WRITE: task.weight_writes,
            c.WEIGHT_DAC_SAMPLE: task.weight_writes,
            c.OPU_MAC: task.macs,
        },
        {
            c.LASER: opu.ports_in * ps,
            c.INPUT_RING: opu.ports_in * ps,
            c.RING: opu.ports_in * opu.ports_out * opu.weight_banks * ps,
            c.PHOTODIODE: opu.ports_out * task.rails * ps,
            c.TIA: opu.ports_out * ps,
            c.DAC: opu.ports_in * ps,
            c.ADC: opu.ports_out * ps,
        },
    )


def full_second(target: Target, rails: int) -> Activity:
    """Every port busy every symbol, weights resident."""
    opu = target.opu
    symbols = round(exact(opu.symbol_rate_gbd) * 10**9)
    return activity(
        target,
        GemmActivity(
            input_symbols=symbols * opu.ports_in,
            output_samples=symbols * opu.ports_out,
            macs=symbols * opu.ports_in * opu.ports_out,
            powered_ps=10**12,
            rails=rails,
        ),
    )


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first."""
    laser, ring, gbd = target.laser, target.section(InputRing), target.opu.symbol_rate_gbd
    tia_mw = target.tia.power_mw * gbd / target.tia.power_at_ghz
    drive_j, input_j = ring.drive_fj * FJ, dac_pj(target.dac, target.formats.input_bits) * PJ
    output_j = adc_pj(target.adc) * PJ
    optical, converter, system = Boundary.OPTICAL, Boundary.CONVERTER, Boundary.SYSTEM
    write_j = target.ring.write_fj_per_bit * target.formats.weight_bits * FJ
    return (
        powered("laser", optical, c.LASER, milliwatt(laser.launch_power_dbm) / laser.wall_plug_efficiency),
        line("modulator", optical, c.MZM_SYMBOL, drive_j),
        idle("modulator", optical, c.INPUT_RING, c.MZM_SYMBOL, drive_j, ring.idle_fraction, gbd),
        powered("modulator static", optical, c.INPUT_RING, ring.static_mw),
        powered("ring", optical, c.RING, target.ring.static_mw),
        powered("photodiode", optical, c.PHOTODIODE, target.photodiode.power_mw),
        powered("tia", Boundary.ANALOG, c.TIA, tia_mw),
        line("dac", converter, c.DAC_SAMPLE, input_j),
        idle("dac", converter, c.DAC, c.DAC_SAMPLE, input_j, target.dac.idle_fraction, gbd),
        line("adc", converter, c.ADC_SAMPLE, output_j),
        idle("adc", converter, c.ADC, c.ADC_SAMPLE, output_j, target.adc.idle_fraction, gbd),
        line("weight dac", system, c.WEIGHT_DAC_SAMPLE, dac_pj(target.dac, target.formats.weight_bits) * PJ),
        line("ring write", system, c.RING_WRITE, write_j),
    )
