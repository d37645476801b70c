"""The noisy engine on torch, so that it runs on a GPU (extra `torch`).

The definition of the arithmetic stays in `heliograph.runtime.engines`, which also writes weights and judges fast
fidelity. A call uploads its inputs, encodes, detects and decodes them on the device, and downloads the result.
Importing this package does not import torch.
"""

from heliograph.runtime.torch_engine.device import open_device
from heliograph.runtime.torch_engine.engine import TorchEngine

__all__ = ["TorchEngine", "open_device"]
