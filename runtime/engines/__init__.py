"""Engines: three ways to compute the same kernel call.

"ideal" multiplies exactly; "quantized" has the converters of the kernel and nothing else; "noisy" has the light of the
target too, with fidelity "exact" (every detected partial sum is drawn and rounded) or "fast" (one draw per output).
"""

from __future__ import annotations

from typing import Literal

from heliograph.runtime.engines.analog import AnalogEngine
from heliograph.runtime.engines.call import Engine, EngineStats, HeldWeights, KernelCall, compute
from heliograph.runtime.engines.ideal import IdealEngine, exact_product
from heliograph.runtime.engines.noise import QUIET, Noise, NoiseModel, NoiseOf, target_noise

EngineName = Literal["ideal", "quantized", "noisy"]
Fidelity = Literal["exact", "fast"]

__all__ = [
    "QUIET",
    "AnalogEngine",
    "Engine",
    "EngineName",
    "EngineStats",
    "Fidelity",
    "HeldWeights",
    "IdealEngine",
    "KernelCall",
    "Noise",
    "NoiseModel",
    "NoiseOf",
    "compute",
    "exact_product",
    "make_engine",
    "target_noise",
]


def make_engine(name: EngineName, *, noise_of: NoiseOf | None, fidelity: Fidelity = "exact", seed: int = 0) -> Engine:
    """The engine of that name. Raises ValueError for another name."""
    if name == "ideal":
        return IdealEngine()
    if name == "quantized":
        return AnalogEngine()
    if name == "noisy":
        return AnalogEngine(noise_of, fast=fidelity == "fast", seed=seed)
    raise ValueError(f"no engine {name!r}; there are ideal, quantized and noisy")
