"""What families that hold one operand as weights have in common."""

from __future__ import annotations

from heliograph.backends.cost import counters as c
from heliograph.backends.families.base import GemmActivity


def held_events(task: GemmActivity, writes: int) -> dict[str, int]:
    """Events of a task: one conversion per modulation, and one per write of a device that holds (part of) a weight."""
    return {
        c.MZM_SYMBOL: task.input_symbols,
        c.DAC_SAMPLE: task.input_symbols,
        c.ADC_SAMPLE: task.output_samples,
        c.RING_WRITE: writes,
        c.WEIGHT_DAC_SAMPLE: writes,
        c.OPU_MAC: task.macs,
    }
