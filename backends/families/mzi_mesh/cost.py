"""Device activity and price list of the mesh."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.held import held_events
from heliograph.backends.families.mzi_mesh.sections import Mesh
from heliograph.backends.families.prices import FJ, converters, idle, laser_mw, line, powered, receiver, weight_dac
from heliograph.backends.physics.units import milliwatt
from heliograph.backends.sections import Encoder
from heliograph.backends.target import Target


def interferometers(ports_in: int, ports_out: int) -> int:
    """n (n - 1) / 2 for each unitary mesh and one attenuator per singular value: N^2 for a square of N."""
    unitary = (ports_in * (ports_in - 1) + ports_out * (ports_out - 1)) // 2
    return unitary + min(ports_in, ports_out)


def activity(target: Target, task: GemmActivity) -> Activity:
    """A block of weights takes as many phases as the mesh has interferometers, per weight of a full tile."""
    opu, ps = target.opu, task.powered_ps
    count = interferometers(opu.ports_in, opu.ports_out)
    phases = -(-task.weight_writes * count // (opu.ports_in * opu.ports_out))
    return Activity.of(
        held_events(task, phases),
        {
            c.LASER: opu.ports_in * ps,
            c.LOCAL_OSCILLATOR: opu.ports_out * ps,
            c.MZM: opu.ports_in * ps,
            c.PHASE_SHIFTER: count * opu.weight_banks * ps,
            c.PHOTODIODE: 2 * opu.ports_out * ps,
            c.TIA: opu.ports_out * ps,
            c.DAC: opu.ports_in * ps,
            c.ADC: opu.ports_out * ps,
        },
    )


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first."""
    mzm, mesh = target.section(Encoder), target.section(Mesh)
    gbd, optical = target.opu.symbol_rate_gbd, Boundary.OPTICAL
    drive_j = mzm.drive_fj * FJ
    oscillator_mw = milliwatt(mesh.oscillator_dbm) / target.laser.wall_plug_efficiency
    return (
        powered("laser", optical, c.LASER, laser_mw(target)),
        powered("local oscillator", optical, c.LOCAL_OSCILLATOR, oscillator_mw),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction, gbd),
        powered("mesh", optical, c.PHASE_SHIFTER, mesh.hold_mw),
        *receiver(target, gbd),
        *converters(target, gbd),
        weight_dac(target),
        line("mesh programming", Boundary.SYSTEM, c.RING_WRITE, mesh.program_fj * FJ),
    )
