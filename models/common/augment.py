"""Small random shifts, turns and scalings of a batch of pictures (torch)."""

from __future__ import annotations

import math

import torch
from torch.nn import functional


def jitter(
    images: torch.Tensor, degrees: float, pixels: float, scale: float, generator: torch.Generator
) -> torch.Tensor:
    """Each picture of [n, 1, s, s] moved at random: at most `degrees`, `pixels` and 1 +- `scale`."""
    count, _, side, _ = images.shape

    def draw() -> torch.Tensor:
        return torch.rand(count, generator=generator) * 2 - 1

    turn = draw() * math.radians(degrees)
    zoom = 1 + draw() * scale
    cos, sin = torch.cos(turn) * zoom, torch.sin(turn) * zoom
    step = pixels * 2 / side  # grid_sample counts the picture as 2 wide
    rows = [torch.stack([cos, -sin, draw() * step], 1), torch.stack([sin, cos, draw() * step], 1)]
    grid = functional.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, align_corners=False)
