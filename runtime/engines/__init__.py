"""Engines: three ways to compute the same kernel call.

"ideal" multiplies exactly; "quantized" has the converters of the kernel and nothing else; "noisy" has the light of the
target too, with fidelity "exact" (every detected partial sum is drawn and rounded) or "fast" (one draw per output).
"""

from __future__ import annotations

import os
from pathlib import Path
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


def make_engine(
    name: EngineName,
    *,
    noise_of: NoiseOf | None,
    fidelity: Fidelity = "exact",
    seed: int = 0,
    threads: int | None = None,
    kernel_cache: Path | None = None,
) -> Engine:
    """The engine of that name, computing on `threads` threads (default: the cores this process may use).

    "quantized" and "noisy" run compiled kernels where llvmlite is installed and numpy otherwise: `stats` says which.
    `kernel_cache` is a folder that keeps them from one process to the next. Results do not depend on `threads`. Raises
    ValueError for another name, or for fewer than one thread.
    """
    if threads is not None and threads < 1:
        raise ValueError(f"an engine on {threads} threads")
    if name == "ideal":
        return IdealEngine()
    if name == "quantized":
        return _compiled(AnalogEngine(), threads, kernel_cache)
    if name == "noisy":
        return _compiled(AnalogEngine(noise_of, fast=fidelity == "fast", seed=seed), threads, kernel_cache)
    raise ValueError(f"no engine {name!r}; there are ideal, quantized and noisy")


def _compiled(numpy: AnalogEngine, threads: int | None, folder: Path | None) -> Engine:
    try:
        from heliograph.runtime.engines.fused import (
            FusedEngine,
            ObjectCache,
        )  # loads LLVM, which takes a tenth of a second
    except (ImportError, OSError):
        return numpy
    cache = ObjectCache(folder) if folder else None
    return FusedEngine(numpy, threads=threads or available_cores(), cache=cache)


def available_cores() -> int:
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
