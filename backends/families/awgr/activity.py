"""Device activity of a contraction on AWGR hardware."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.families.awgr.devices import devices
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.held import held_events
from heliograph.backends.target import Target


def activity(target: Target, task: GemmActivity) -> Activity:
    """Events of the ports that carry data, and power of the whole OPU while it is powered."""
    count = devices(target, task.rails)
    return Activity.of(
        held_events(task, task.weight_writes * task.rails),
        {
            c.LASER: count.lasers * task.powered_ps,
            c.RING: count.rings * task.powered_ps,
            c.PHOTODIODE: count.photodiodes * task.powered_ps,
            c.TIA: count.photodiodes * task.powered_ps,
            c.MZM: count.modulators * task.powered_ps,
            c.DAC: count.modulators * task.powered_ps,
            c.ADC: count.adcs * task.powered_ps,
            c.AMPLIFIER: count.amplifiers * task.powered_ps,
        },
    )
