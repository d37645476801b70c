"""Compiled kernels for the engines "quantized" and "noisy": every detection in registers, blocks on all cores."""

from heliograph.runtime.engines.fused.engine import FusedEngine
from heliograph.runtime.engines.fused.lanes import Isa
from heliograph.runtime.engines.fused.objects import ObjectCache

__all__ = ["FusedEngine", "Isa", "ObjectCache"]
