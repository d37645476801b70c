"""Device activity and price list of the ring bank."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.held import held_events
from heliograph.backends.families.prices import FJ, converters, idle, laser_mw, line, powered, receiver, weight_dac
from heliograph.backends.families.ring_bank.sections import InputRing
from heliograph.backends.target import Target


def activity(target: Target, task: GemmActivity) -> Activity:
    """One add-drop ring per weight and bank carries both signs; two photodiodes per output when balanced."""
    opu, ps = target.opu, task.powered_ps
    return Activity.of(
        held_events(task, task.weight_writes),
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


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first."""
    ring, gbd = target.section(InputRing), target.opu.symbol_rate_gbd
    optical, system = Boundary.OPTICAL, Boundary.SYSTEM
    drive_j = ring.drive_fj * FJ
    write_j = target.ring.write_fj_per_bit * target.formats.weight_bits * FJ
    return (
        powered("laser", optical, c.LASER, laser_mw(target)),
        line("modulator", optical, c.MZM_SYMBOL, drive_j),
        idle("modulator", optical, c.INPUT_RING, c.MZM_SYMBOL, drive_j, ring.idle_fraction, gbd),
        powered("modulator static", optical, c.INPUT_RING, ring.static_mw),
        powered("ring", optical, c.RING, target.ring.static_mw),
        *receiver(target, gbd),
        *converters(target, gbd),
        weight_dac(target),
        line("ring write", system, c.RING_WRITE, write_j),
    )
