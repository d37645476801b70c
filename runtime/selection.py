"""Which engine runs the kernels: by its name, the target, and the device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import error
from heliograph.runtime.engines import Engine, EngineName, Fidelity, NoiseOf, make_engine, target_noise
from heliograph.runtime.torch_engine import TorchEngine

if TYPE_CHECKING:
    from heliograph.backends import Target


def open_engine(
    name: EngineName,
    target: str | Target,
    *,
    fidelity: Fidelity = "exact",
    seed: int = 0,
    threads: int | None = None,
    device: str | None = None,
    noise_of: NoiseOf | None = None,
    kernel_cache: Path | None = None,
) -> Engine:
    """The engine `name`; only "noisy" asks the target, for its noise, which `noise_of` replaces.

    `kernel_cache` is a folder for compiled kernels, None keeps them for this process only.
    `threads` (default: all cores) changes how long a product takes, never its result; torch has its own number.
    Raises HeliographError HG4001..HG4004 for the target, HG5003 for a device that is not there, and HG1304 for a
    device with engine "ideal", or threads below 1.
    """
    if threads is not None and threads < 1:
        raise error("HG1304", f"{threads} threads", remedy="give 1 or more, or leave the number out")
    if name == "noisy" and noise_of is None:
        noise_of = target_noise(target)
    if device is None:
        return make_engine(
            name, noise_of=noise_of, fidelity=fidelity, seed=seed, threads=threads, kernel_cache=kernel_cache
        )
    if name == "ideal":
        raise error("HG1304", "engine 'ideal' runs on this processor only", remedy="leave the device out")
    return TorchEngine(device, noise_of if name == "noisy" else None, fast=fidelity == "fast", seed=seed)
