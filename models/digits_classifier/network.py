"""The classifier's layers (torch)."""

from __future__ import annotations

import torch
from torch import nn

from models.common.noise import noisy


class Reader(nn.Module):
    """image float32 [n, 1, 28, 28] in 0..1 -> logits float32 [n, 10]. About 65,000 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 5, stride=2, padding=2)  # [n, 16, 14, 14]
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)  # [n, 32, 14, 14]
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(32, 32, 3, stride=2, padding=1)  # [n, 32, 7, 7]
        self.relu3 = nn.ReLU()
        self.flatten = nn.Flatten()
        self.hidden = nn.Linear(32 * 7 * 7, 32)
        self.relu4 = nn.ReLU()
        self.logits = nn.Linear(32, 10)

    def forward(self, image: torch.Tensor, level: torch.Tensor | None = None) -> torch.Tensor:
        """[n, 1, 28, 28] -> [n, 10]; level: [n] relative std of the noise after each layer."""
        x = self.relu1(noisy(self.conv1, image, level))
        x = self.relu2(noisy(self.conv2, x, level))
        x = self.relu3(noisy(self.conv3, x, level))
        x = self.relu4(noisy(self.hidden, self.flatten(x), level))
        return noisy(self.logits, x, level)
