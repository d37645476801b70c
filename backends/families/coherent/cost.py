"""Device activity and price list of the coherent array."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.coherent.hardware import core
from heliograph.backends.families.coherent.sections import Dptc
from heliograph.backends.families.fields import weight_symbols
from heliograph.backends.families.prices import FJ, PJ, converters, dac_pj, idle, laser_mw, line, powered, receiver
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


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first; DACs of both operands are converters here, no weight is ever held."""
    mzm, clock = target.section(Encoder), core(target).clock_gbd
    drive_j = mzm.drive_fj * FJ
    weight_j = dac_pj(target.dac, target.formats.weight_bits) * PJ
    optical, converter = Boundary.OPTICAL, Boundary.CONVERTER
    return (
        powered("laser", optical, c.LASER, laser_mw(target)),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction, clock),
        powered("router", optical, c.ROUTER, target.section(Dptc).router_mw),
        *receiver(target, clock),
        *converters(target, clock),
        line("weight dac", converter, c.WEIGHT_DAC_SAMPLE, weight_j),
        idle("weight dac", converter, c.WEIGHT_DAC, c.WEIGHT_DAC_SAMPLE, weight_j, target.dac.idle_fraction, clock),
    )
