"""The noisy engine on torch, so that it runs on a GPU (extra `torch`).

The definition of the arithmetic stays in `heliograph.runtime.engines`; what is done here on the device is detection,
which is nearly all of the work. Importing this package does not import torch.
"""

from heliograph.runtime.torch_engine.device import open_device
from heliograph.runtime.torch_engine.engine import TorchEngine

__all__ = ["TorchEngine", "open_device"]
