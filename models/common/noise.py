"""The noise of analog hardware, for training against it (torch)."""

from __future__ import annotations

import torch
from torch import nn


def jolt(product: torch.Tensor, power: torch.Tensor, level: torch.Tensor | None) -> torch.Tensor:
    """Add the noise of analog hardware to the product of a layer, bias not included.

    power: mean square of the product over the whole tensor (scalar); level: [n], relative std.
    """
    if level is None:
        return product
    shape = (-1,) + (1,) * (product.dim() - 1)
    return product + level.view(shape) * power.clamp_min(1e-12).sqrt() * torch.randn_like(product)


def noisy(layer: nn.Conv2d | nn.Linear, x: torch.Tensor, level: torch.Tensor | None) -> torch.Tensor:
    """The layer's output with noise on the product; level: [n], relative std, None for no noise."""
    if level is None:
        return layer(x)
    bias = layer.bias.view((-1,) + (1,) * (x.dim() - 2))
    product = layer(x) - bias
    return jolt(product, product.square().mean(), level) + bias
