"""Price list of AWGR hardware.

Modulators and converters are paid per sample; while powered without sampling they still draw `idle_fraction` of
their full-rate power, billed as a line of its own. Writing weights counts from the system boundary, because the
inner boundaries are defined for resident weights (PHYSICS section 3).
"""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.awgr.light import amplifier_output_dbm
from heliograph.backends.families.prices import FJ, converters, idle, laser_mw, line, powered, receiver, weight_dac
from heliograph.backends.physics.units import milliwatt
from heliograph.backends.target import Target


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first."""
    mzm, ring, gbd = target.mzm, target.ring, target.opu.symbol_rate_gbd
    amplifier_mw = milliwatt(amplifier_output_dbm(target)) / target.edfa.wall_plug_efficiency
    optical, system, drive_j = Boundary.OPTICAL, Boundary.SYSTEM, mzm.drive_fj * FJ
    write_j = ring.write_fj_per_bit * target.formats.weight_bits * FJ
    return (
        powered("laser", optical, c.LASER, laser_mw(target)),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction, gbd),
        powered("ring", optical, c.RING, ring.static_mw),
        *receiver(target, gbd),
        *converters(target, gbd),
        powered("amplifier", system, c.AMPLIFIER, amplifier_mw),
        weight_dac(target),
        line("ring write", system, c.RING_WRITE, write_j),
    )
