"""Energies per event in pJ, from the numbers of one of our targets."""

from __future__ import annotations

import math
from dataclasses import dataclass

from heliograph.backends.conventions.lightening_transformer import constants as k
from heliograph.backends.families.coherent.sections import Dptc
from heliograph.backends.families.mzi_mesh.sections import Mesh
from heliograph.backends.families.prices import adc_pj
from heliograph.backends.families.ring_bank.sections import Bank, InputRing
from heliograph.backends.physics.units import decibel, ratio
from heliograph.backends.sections import Encoder
from heliograph.backends.target import Target

_BITS = 8  # at which the converters' numbers are stated


@dataclass(frozen=True, slots=True)
class Devices:
    """pJ per event at the symbol rate; `size` ports per side, `tiles` of `cores`."""

    size: int
    tiles: int
    cores: int
    clock_ghz: float
    words: float  # memory words per number
    laser: float  # all lasers of a core, per symbol
    dac: float
    adc: float
    tia: float
    photodiode: float
    register: float  # per word
    buffer: float
    dram: float


def devices(target: Target, bits: int) -> Devices:
    """Of a coherent, ring_bank or mzi_mesh target."""
    dac, memory, size = target.dac, target.memory, target.opu.ports_out
    clock = target.opu.symbol_rate_gbd
    if target.family == "coherent":
        clock *= target.opu.ports_in // target.section(Dptc).wavelengths
    laser_mw = ratio(k.SENSITIVITY_DBM + _loss_db(target) + decibel(_ways(target)))
    laser_mw *= 2**bits / target.laser.wall_plug_efficiency
    full_pj = dac.power_mw / dac.power_at_gsps
    return Devices(
        size=size,
        tiles=target.opu.count // k.MEMORY_CORES,
        cores=k.MEMORY_CORES,
        clock_ghz=clock,
        words=bits / k.WORD_BITS,
        laser=laser_mw / clock,
        dac=full_pj * (2**bits / bits) / (2**dac.bits / dac.bits),
        adc=adc_pj(target.adc) * bits / _BITS,
        tia=target.tia.power_mw / clock,
        photodiode=target.photodiode.power_mw / clock,
        register=memory.register_pj_per_byte * 2,
        buffer=memory.sram_pj_per_byte * 2,
        dram=memory.dram_pj_per_bit * k.WORD_BITS,
    )


def _ways(target: Target) -> int:
    """Photodiodes that share the laser of a core."""
    size = target.opu.ports_out
    return size * size if target.family == "coherent" else size


def _loss_db(target: Target) -> float:
    """Insertion loss as the simulator chains it."""
    size = target.opu.ports_out
    if target.family == "coherent":
        d, branches = target.section(Dptc), math.ceil(math.log2(size)) + 1
        fixed = target.section(Encoder).loss_db + 2 * d.router_loss_db + d.shifter_loss_db + d.coupler_loss_db
        return fixed + branches * d.branch_loss_db
    if target.family == "ring_bank":
        ring, branches = target.section(InputRing), math.ceil(math.log2(size))
        passed = 2 * (size - 1) * ring.bypass_loss_db
        return ring.loss_db + target.ring.loss_db + passed + branches * target.section(Bank).branch_loss_db
    return target.section(Encoder).loss_db + (2 * size + 1) * target.section(Mesh).mzi_loss_db
