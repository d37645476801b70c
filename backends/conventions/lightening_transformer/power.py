"""Peak power of a coherent target by the simulator's component counts. It enters no energy of `lt_cost`."""

from __future__ import annotations

from heliograph.backends.conventions.lightening_transformer import constants as k
from heliograph.backends.conventions.lightening_transformer.devices import devices
from heliograph.backends.families.coherent.sections import Dptc
from heliograph.backends.sections import Encoder
from heliograph.backends.target import Target


def channels(target: Target) -> int:
    """Modulators: rows of every core, columns shared by the tiles."""
    return target.opu.ports_out**2 * (target.opu.count + k.MEMORY_CORES)


def lt_power_mw(target: Target, bits: int) -> dict[str, float]:
    """Power in mW by component; converters and amplifiers at full rate, shared as in `lt_cost`."""
    d = devices(target, bits)
    units, nodes = d.tiles * d.cores, d.size**2
    modulated = channels(target)
    buffer, tile, core = k.BUFFER_MW
    channel_mw = target.section(Encoder).drive_fj * 1e-3 * d.clock_ghz + 2 * target.section(Dptc).router_mw
    return {
        "laser": d.laser * d.clock_ghz * units,
        "dac": d.dac * d.clock_ghz * modulated,
        "modulators": channel_mw * modulated,
        "photodiodes": 2 * d.photodiode * d.clock_ghz * nodes * units,
        "tia": d.tia * d.clock_ghz * nodes * d.tiles,
        "adc": d.adc * d.clock_ghz * nodes * d.tiles,
        "adder": k.ADDER_PJ * d.clock_ghz * nodes * d.tiles,
        "memory": buffer * d.tiles + tile * (d.tiles + 1) + core * (2 * d.tiles + units + d.cores),
    }
