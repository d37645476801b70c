"""Device activity and price list of the mesh."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity
from heliograph.backends.families.mzi_mesh.sections import Mesh
from heliograph.backends.families.prices import FJ, PJ, adc_pj, dac_pj, idle, line, powered
from heliograph.backends.physics.units import exact, milliwatt
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
        {
            c.MZM_SYMBOL: task.input_symbols,
            c.DAC_SAMPLE: task.input_symbols,
            c.ADC_SAMPLE: task.output_samples,
            c.RING_WRITE: phases,
            c.WEIGHT_DAC_SAMPLE: phases,
            c.OPU_MAC: task.macs,
        },
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


def full_second(target: Target) -> Activity:
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
        ),
    )


def rates(target: Target) -> tuple[Rate, ...]:
    """All lines, innermost boundary first."""
    laser, mzm, mesh, gbd = target.laser, target.section(Encoder), target.section(Mesh), target.opu.symbol_rate_gbd
    tia_mw = target.tia.power_mw * gbd / target.tia.power_at_ghz
    drive_j, input_j = mzm.drive_fj * FJ, dac_pj(target.dac, target.formats.input_bits) * PJ
    output_j, plug = adc_pj(target.adc) * PJ, laser.wall_plug_efficiency
    optical, converter, system = Boundary.OPTICAL, Boundary.CONVERTER, Boundary.SYSTEM
    return (
        powered("laser", optical, c.LASER, milliwatt(laser.launch_power_dbm) / plug),
        powered("local oscillator", optical, c.LOCAL_OSCILLATOR, milliwatt(mesh.oscillator_dbm) / plug),
        line("mzm", optical, c.MZM_SYMBOL, drive_j),
        idle("mzm", optical, c.MZM, c.MZM_SYMBOL, drive_j, mzm.idle_fraction, gbd),
        powered("mesh", optical, c.PHASE_SHIFTER, mesh.hold_mw),
        powered("photodiode", optical, c.PHOTODIODE, target.photodiode.power_mw),
        powered("tia", Boundary.ANALOG, c.TIA, tia_mw),
        line("dac", converter, c.DAC_SAMPLE, input_j),
        idle("dac", converter, c.DAC, c.DAC_SAMPLE, input_j, target.dac.idle_fraction, gbd),
        line("adc", converter, c.ADC_SAMPLE, output_j),
        idle("adc", converter, c.ADC, c.ADC_SAMPLE, output_j, target.adc.idle_fraction, gbd),
        line("weight dac", system, c.WEIGHT_DAC_SAMPLE, dac_pj(target.dac, target.formats.weight_bits) * PJ),
        line("mesh programming", system, c.RING_WRITE, mesh.program_fj * FJ),
    )
