"""Device activity of a contraction on AWGR hardware."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.families.awgr.devices import devices
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.physics.units import exact
from heliograph.backends.target import Target

_SECOND_PS = 10**12


def activity(target: Target, task: GemmActivity) -> Activity:
    """Events of the ports that carry data, and power of the whole OPU while it is powered."""
    count = devices(target, task.rails)
    ring_writes = task.weight_writes * task.rails
    return Activity.of(
        {
            c.DAC_SAMPLE: task.input_symbols,
            c.MZM_SYMBOL: task.input_symbols,
            c.ADC_SAMPLE: task.output_samples,
            c.RING_WRITE: ring_writes,
            c.WEIGHT_DAC_SAMPLE: ring_writes,
            c.OPU_MAC: task.macs,
        },
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


def full_second(target: Target, rails: int) -> Activity:
    """One second with every port busy every symbol and weights resident."""
    opu = target.opu
    symbols = round(exact(opu.symbol_rate_gbd) * 10**9) * opu.fsr_orders
    return activity(
        target,
        GemmActivity(
            input_symbols=symbols * opu.ports_in,
            output_samples=symbols * opu.ports_out,
            macs=symbols * opu.ports_in * opu.ports_out,
            powered_ps=_SECOND_PS,
            rails=rails,
        ),
    )
