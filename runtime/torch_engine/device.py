"""Finding torch and a device of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliograph.ir.diagnostics import error

if TYPE_CHECKING:
    import torch


def open_device(name: str) -> torch.device:
    """A device of torch ("cuda", "cuda:1", "cpu"). Raises HG5003 when torch or the device is not there."""
    try:
        import torch
    except ImportError as problem:
        remedy = "pip install 'heliograph[torch]', or leave the device out"
        raise error("HG5003", f"device '{name}' needs torch, which is not installed", remedy=remedy) from problem
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as problem:  # what torch raises depends on its build
        reason = str(problem).strip().split("\n")[0]
        remedy = "name a device that this machine and this build of torch have: cuda, cuda:1, cpu"
        raise error("HG5003", f"device '{name}' cannot be used: {reason}", remedy=remedy) from problem
    return device
