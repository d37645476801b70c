"""What families that send both operands anew, or integrate several symbols per sample, have in common."""

from __future__ import annotations

from heliograph.backends.families.base import GemmActivity
from heliograph.backends.target import Target


def weight_symbols(task: GemmActivity, vectors: int, repeats: int) -> int:
    """Modulations of the held operand: each weight goes out once per step of `vectors` rows and repeat."""
    if task.weight_symbols or not task.weight_writes:
        return task.weight_symbols
    rows = -(-task.macs // task.weight_writes)
    return task.weight_writes * -(-rows // vectors) * repeats


def clock_gbd(target: Target, symbols_per_step: int) -> float:
    """Optical symbol rate where one step of a tile takes several symbols before it is sampled."""
    return target.opu.symbol_rate_gbd * symbols_per_step
