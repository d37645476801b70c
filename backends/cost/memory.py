"""Which memory holds what: the smallest level with room for it, DRAM at last."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.target import Target

BYTE = {"registers": c.REGISTER_BYTE, "sram": c.SRAM_BYTE, "hbm": c.HBM_BYTE, "dram": c.DRAM_BYTE}


def home(target: Target, nbytes: int, *, least: str = "registers") -> str:
    """The first level from `least` upwards that has room for `nbytes`; DRAM has room for anything."""
    memory = target.memory
    room = {
        "registers": memory.register_kib * 2**10,
        "sram": memory.sram_mib * 2**20,
        "hbm": memory.hbm_gib * 2**30,
    }
    levels = list(BYTE)
    return next((level for level in levels[levels.index(least) : -1] if nbytes <= room[level]), "dram")


def moved_through(level: str, nbytes: int) -> Activity:
    """Bytes read from or written to a level."""
    return Activity.of({BYTE[level]: nbytes})
