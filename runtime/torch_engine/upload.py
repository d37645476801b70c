"""Arrays on their way to a torch device."""

from __future__ import annotations

import numpy as np
import torch

from heliograph.ir.weights import Array


def uploaded(array: Array, device: torch.device) -> torch.Tensor:
    """A copy on the device; on the processor the array itself, where it may be written."""
    return torch.from_numpy(np.require(array, requirements=["C", "W"])).to(device)
