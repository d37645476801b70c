"""Peak power of a coherent target by the simulator's component counts. It enters no energy of `lt_cost`."""

from __future__ import annotations

from heliograph.backends.conventions.lightening_transformer import constants as k
from heliograph.backends.conventions.lightening_transformer.devices import devices
from heliograph.backends.families.coherent.sections import Dptc
from heliograph.backends.sections import Encoder
from heliograph.backends.target import Target


def lt_power_mw(target: Target, bits: int) -> dict[str, float]:
    """Power in mW by component; converters and amplifiers at full rate, shared as in `lt_cost`."""
    d = devices(target, bits)
    units, nodes = d.tiles * d.cores, d.size**2
    channels = nodes * units + nodes * d.cores  # rows of every core, columns shared by tiles
    buffer, tile, core = k.BUFFER_MW
    channel_mw = target.section(Encoder).drive_fj * 1e-3 * d.clock_ghz + 2 * target.section(Dptc).router_mw
    return {
        "laser": d.laser * d.clock_ghz * units,
        "dac": d.dac * d.clock_ghz * channels,
        "modulators": channel_mw * channels,
        "photodiodes": 2 * d.photodiode * d.clock_ghz * nodes * units,
        "tia": d.tia * d.clock_ghz * nodes * d.tiles,
        "adc": d.adc * d.clock_ghz * nodes * d.tiles,
        "adder": k.ADDER_PJ * d.clock_ghz * nodes * d.tiles,
        "memory": buffer * d.tiles + tile * (d.tiles + 1) + core * (2 * d.tiles + units + d.cores),
    }
