"""Device activity and price list of client and server."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.fields import weight_symbols
from heliograph.backends.families.prices import FJ, PJ, adc_pj, dac_pj, idle, line, powered
from heliograph.backends.families.time_integrating.detection import clock
from heliograph.backends.families.time_integrating.sections import Integrator, Server
from heliograph.backends.physics.units import exact, milliwatt
from heliograph.backends.target import Target


def activity(target: Target, task: GemmActivity) -> Activity:
    """Weights are sent again for every row; one input modulator serves all wavelengths."""
    lines, ps = target.opu.ports_out, task.powered_ps
    weights = weight_symbols(task, 1, target.formats.repeats)
    return Activity.of(
        {
            c.MZM_SYMBOL: task.input_symbols,
            c.DAC_SAMPLE: task.input_symbols,
            c.WEIGHT_SYMBOL: weights,
            c.WEIGHT_DAC_SAMPLE: weights,
            c.ADC_SAMPLE: task.output_samples,
            c.OPU_MAC: task.macs,
        },
        {
            c.LASER: lines * ps,
            c.MZM: ps,
            c.DAC: ps,
            c.WEIGHT_MZM: lines * ps,
            c.WEIGHT_DAC: lines * ps,
            c.PHOTODIODE: lines * task.rails * ps,
            c.INTEGRATOR: lines * ps,
            c.ADC: lines * ps,
        },
    )


def full_second(target: Target, rails: int) -> Activity:
    """Every wavelength and symbol in use."""
    opu = target.opu
    steps = round(exact(opu.symbol_rate_gbd) * 10**9)
    macs = steps * opu.ports_in * opu.ports_out
    return activity(
        target,
        GemmActivity(
            input_symbols=steps * opu.ports_in,
            output_samples=steps * opu.ports_out,
            macs=macs,
            powered_ps=10**12,
            rails=rails,
            weight_symbols=macs,
        ),
    )


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first. Clients of one stream share what the server spends, its laser included:
    splitting its light leaves each client a part (see the link budget).
    """
    laser, server, mzm, gbd = target.laser, target.section(Server), target.mzm, clock(target)
    drive_j, input_j = mzm.drive_fj * FJ, dac_pj(target.dac, target.formats.input_bits) * PJ
    weight_drive_j = server.drive_fj * FJ / server.clients
    weight_j = dac_pj(target.dac, target.formats.weight_bits) * PJ / server.clients
    output_j, share = adc_pj(target.adc) * PJ, target.dac.idle_fraction
    laser_mw = milliwatt(laser.launch_power_dbm) / laser.wall_plug_efficiency / server.clients
    optical, converter = Boundary.OPTICAL, Boundary.CONVERTER
    return (
        powered("laser", optical, c.LASER, laser_mw),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction, gbd),
        line("weight mzm", optical, c.WEIGHT_SYMBOL, weight_drive_j),
        idle("weight mzm", optical, c.WEIGHT_MZM, c.WEIGHT_SYMBOL, weight_drive_j, server.idle_fraction, gbd),
        powered("photodiode", optical, c.PHOTODIODE, target.photodiode.power_mw),
        powered("integrator", Boundary.ANALOG, c.INTEGRATOR, target.section(Integrator).power_mw),
        line("dac", converter, c.DAC_SAMPLE, input_j),
        idle("dac", converter, c.DAC, c.DAC_SAMPLE, input_j, share, gbd),
        line("weight dac", converter, c.WEIGHT_DAC_SAMPLE, weight_j),
        idle("weight dac", converter, c.WEIGHT_DAC, c.WEIGHT_DAC_SAMPLE, weight_j, share, gbd),
        line("adc", converter, c.ADC_SAMPLE, output_j),
        idle("adc", converter, c.ADC, c.ADC_SAMPLE, output_j, target.adc.idle_fraction, target.opu.symbol_rate_gbd),
    )
