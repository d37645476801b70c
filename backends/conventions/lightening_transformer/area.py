"""Area of a coherent target by the simulator's component counts; the number of bits does not matter."""

from __future__ import annotations

import math

from heliograph.backends.conventions.lightening_transformer import constants as k
from heliograph.backends.conventions.lightening_transformer.power import channels
from heliograph.backends.target import Target


def lt_area_mm2(target: Target) -> dict[str, float]:
    """Area in mm2 by component. Lasers and combs are counted as tiles plus cores of a tile, as published."""
    size, tiles, cores = target.opu.ports_out, target.opu.count // k.MEMORY_CORES, k.MEMORY_CORES
    nodes, units, modulated = size**2, tiles * cores, channels(target)
    levels = math.ceil(math.log2(size) + 1)
    long_um, wide_um = k.BRANCH_UM
    splitter_um2 = long_um * wide_um + 2 * (long_um * levels) * (wide_um * size)
    buffer, tile, core = k.BUFFER_MM2
    return {
        "laser": k.LASER_MM2 * (tiles + cores),
        "comb": k.COMB_MM2 * (tiles + cores),
        "dac": k.DAC_MM2 * modulated,
        "modulators": k.MODULATOR_MM2 * modulated + 4 * nodes * units * k.ROUTER_MM2,
        "tia": k.TIA_MM2 * nodes * tiles,
        "adc": k.ADC_MM2 * nodes * tiles,
        "adder": k.ADDER_MM2 * nodes * tiles,
        "core": units * (nodes * k.NODE_MM2 + splitter_um2 * 1e-6),
        "memory": buffer * tiles + tile * (tiles + 1) + core * (2 * tiles + units + cores),
    }
