"""Device activity and price list of the coherent array."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.coherent.hardware import core
from heliograph.backends.families.coherent.sections import Dptc
from heliograph.backends.families.fields import weight_symbols
from heliograph.backends.families.prices import FJ, PJ, adc_pj, dac_pj, idle, line, powered
from heliograph.backends.physics.units import exact, milliwatt
from heliograph.backends.sections import Encoder
from heliograph.backends.target import Target


def activity(target: Target, task: GemmActivity) -> Activity:
    """Both operands are modulated for every step; one ADC sample per output and step."""
    made, ps = core(target), task.powered_ps
    weights = weight_symbols(task, made.rows, target.formats.repeats)
    return Activity.of(
        {
            c.MZM_SYMBOL: task.input_symbols + weights,
            c.DAC_SAMPLE: task.input_symbols,
            c.WEIGHT_DAC_SAMPLE: weights,
            c.ADC_SAMPLE: task.output_samples,
            c.OPU_MAC: task.macs,
        },
        {
            c.LASER: made.channels * ps,
            c.MZM: made.channels * ps,
            c.ROUTER: 2 * made.channels * ps,
            c.PHOTODIODE: 2 * made.nodes * ps,
            c.TIA: made.nodes * ps,
            c.DAC: made.rows * made.wavelengths * ps,
            c.WEIGHT_DAC: made.columns * made.wavelengths * ps,
            c.ADC: made.nodes * ps,
        },
    )


def full_second(target: Target) -> Activity:
    """Every node and modulator busy every symbol."""
    made = core(target)
    steps = round(exact(target.opu.symbol_rate_gbd) * 10**9)
    products = made.symbols * made.wavelengths
    return activity(
        target,
        GemmActivity(
            input_symbols=steps * made.rows * products,
            output_samples=steps * made.nodes,
            macs=steps * made.nodes * products,
            powered_ps=10**12,
            weight_symbols=steps * made.columns * products,
        ),
    )


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first; DACs of both operands are converters here, no weight is ever held."""
    laser, mzm, made = target.laser, target.section(Encoder), core(target)
    tia_mw = target.tia.power_mw * made.clock_gbd / target.tia.power_at_ghz
    drive_j = mzm.drive_fj * FJ
    input_j = dac_pj(target.dac, target.formats.input_bits) * PJ
    weight_j = dac_pj(target.dac, target.formats.weight_bits) * PJ
    output_j = adc_pj(target.adc) * PJ
    optical, converter, clock = Boundary.OPTICAL, Boundary.CONVERTER, made.clock_gbd
    share = target.dac.idle_fraction
    return (
        powered("laser", optical, c.LASER, milliwatt(laser.launch_power_dbm) / laser.wall_plug_efficiency),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction, clock),
        powered("router", optical, c.ROUTER, target.section(Dptc).router_mw),
        powered("photodiode", optical, c.PHOTODIODE, target.photodiode.power_mw),
        powered("tia", Boundary.ANALOG, c.TIA, tia_mw),
        line("dac", converter, c.DAC_SAMPLE, input_j),
        idle("dac", converter, c.DAC, c.DAC_SAMPLE, input_j, share, clock),
        line("weight dac", converter, c.WEIGHT_DAC_SAMPLE, weight_j),
        idle("weight dac", converter, c.WEIGHT_DAC, c.WEIGHT_DAC_SAMPLE, weight_j, share, clock),
        line("adc", converter, c.ADC_SAMPLE, output_j),
        idle("adc", converter, c.ADC, c.ADC_SAMPLE, output_j, target.adc.idle_fraction, target.opu.symbol_rate_gbd),
    )
