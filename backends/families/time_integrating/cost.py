"""Device activity and price list of client and server."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.fields import weight_symbols
from heliograph.backends.families.prices import FJ, PJ, converters, dac_pj, idle, laser_mw, line, powered
from heliograph.backends.families.time_integrating.detection import clock
from heliograph.backends.families.time_integrating.sections import Integrator, Server
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


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first. Clients of one stream share what the server spends, its laser included:
    splitting its light leaves each client a part (see the link budget).
    """
    server, mzm, gbd = target.section(Server), target.mzm, clock(target)
    drive_j, weight_drive_j = mzm.drive_fj * FJ, server.drive_fj * FJ / server.clients
    weight_j = dac_pj(target.dac, target.formats.weight_bits) * PJ / server.clients
    optical, converter = Boundary.OPTICAL, Boundary.CONVERTER
    return (
        powered("laser", optical, c.LASER, laser_mw(target) / server.clients),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction, gbd),
        line("weight mzm", optical, c.WEIGHT_SYMBOL, weight_drive_j),
        idle("weight mzm", optical, c.WEIGHT_MZM, c.WEIGHT_SYMBOL, weight_drive_j, server.idle_fraction, gbd),
        powered("photodiode", optical, c.PHOTODIODE, target.photodiode.power_mw),
        powered("integrator", Boundary.ANALOG, c.INTEGRATOR, target.section(Integrator).power_mw),
        *converters(target, gbd),
        line("weight dac", converter, c.WEIGHT_DAC_SAMPLE, weight_j),
        idle("weight dac", converter, c.WEIGHT_DAC, c.WEIGHT_DAC_SAMPLE, weight_j, target.dac.idle_fraction, gbd),
    )
