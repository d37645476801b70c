"""Compiled kernels for the engines "quantized" and "noisy": every detection in registers, blocks on all cores."""

from heliograph.runtime.engines.fused.engine import FusedEngine
from heliograph.runtime.engines.fused.lanes import Isa

__all__ = ["FusedEngine", "Isa"]
