"""The two networks that teach the generator: the discriminator and the frozen guide (torch)."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm


class Discriminator(nn.Module):
    """(image [n, 1, 28, 28], label [n]) -> realness score [n]; projection discriminator."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            spectral_norm(nn.Conv2d(1, 48, 4, 2, 1)),  # [n, 48, 14, 14]
            nn.LeakyReLU(0.1),
            spectral_norm(nn.Conv2d(48, 96, 4, 2, 1)),  # [n, 96, 7, 7]
            nn.LeakyReLU(0.1),
            spectral_norm(nn.Conv2d(96, 128, 3, 2, 1)),  # [n, 128, 4, 4]
            nn.LeakyReLU(0.1),
            nn.Flatten(),
            spectral_norm(nn.Linear(128 * 16, 128)),
            nn.LeakyReLU(0.1),
        )
        self.score = spectral_norm(nn.Linear(128, 1))
        self.project = spectral_norm(nn.Embedding(10, 128))

    def forward(self, image: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        """Unbounded scores [n], higher for pictures that look real and match their label."""
        x = self.body(image)
        return self.score(x).squeeze(1) + (x * self.project(label)).sum(1)


def guide() -> nn.Sequential:
    """A digit reader unlike the one that scores: max pooling, dropout, one dense layer. -> [n, 10]."""
    return nn.Sequential(
        nn.Conv2d(1, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(24, 48, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(48 * 49, 10),
    )
