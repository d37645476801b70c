"""The generator: as trained (batch norm, injected noise) and as exported (folded, plain layers)."""

from __future__ import annotations

import torch
from torch import nn

from models.common.noise import jolt

LATENT = 64  # numbers in z, each 0..1
EMBED = 32  # numbers per label, each 0..1
WIDE, MIDDLE, FINE = 64, 32, 16  # channels at 7 x 7, 14 x 14 and 28 x 28
EPS = 1e-5


class NoisyNorm(nn.Module):
    """Batch norm that adds noise where the hardware will: to the product with the folded weights.

    Folding makes the weights W * s and the bias beta - mean * s, with s = gamma / std per channel,
    so the folded product of channel c has mean square s^2 (var + mean^2).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("var", torch.ones(channels))
        self.momentum = 0.1

    def forward(self, x: torch.Tensor, level: torch.Tensor | None) -> torch.Tensor:
        """x: [n, channels, ...] before normalization; level: [n] relative noise std, or None."""
        if self.training:
            dims = [d for d in range(x.dim()) if d != 1]
            var, mean = torch.var_mean(x, dims, correction=0)
            with torch.no_grad():
                self.mean.lerp_(mean, self.momentum)
                self.var.lerp_(var, self.momentum)
        else:
            mean, var = self.mean, self.var
        scale = self.gamma * (var + EPS).rsqrt()
        power = (scale.square() * (var + mean.square())).mean()
        shape = (1, -1) + (1,) * (x.dim() - 2)
        folded = x * scale.view(shape) + (self.beta - mean * scale).view(shape)
        return jolt(folded, power, level)


class Generator(nn.Module):
    """(z [n, 64] in 0..1, label [n]) -> image [n, 1, 28, 28] in 0..1; `level` adds hardware noise."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(10, EMBED)
        nn.init.normal_(self.embed.weight, std=2)
        self.project = nn.Linear(LATENT + EMBED, WIDE * 7 * 7, bias=False)
        self.up1 = nn.ConvTranspose2d(WIDE, MIDDLE, 4, 2, 1, bias=False)
        self.up2 = nn.ConvTranspose2d(MIDDLE, FINE, 4, 2, 1, bias=False)
        self.paint = nn.Conv2d(FINE, 1, 5, padding=2)
        self.norm0, self.norm1, self.norm2 = NoisyNorm(WIDE * 49), NoisyNorm(MIDDLE), NoisyNorm(FINE)
        nn.init.constant_(self.paint.bias, -2)

    def forward(self, z: torch.Tensor, label: torch.Tensor, level: torch.Tensor | None = None) -> torch.Tensor:
        """level: [n] relative standard deviation of the noise after each layer, or None for none."""
        x = torch.cat([z, self.embed(label).sigmoid()], 1)
        x = self.norm0(self.project(x), level).relu().view(-1, WIDE, 7, 7)
        x = self.norm1(self.up1(x), level).relu()
        x = self.norm2(self.up2(x), level).relu()
        x = nn.functional.conv2d(x, self.paint.weight, padding=2)
        x = jolt(x, x.square().mean(), level) + self.paint.bias
        return x.sigmoid()


class FoldedGenerator(nn.Module):
    """The same function with plain layers only: what is exported."""

    def __init__(self, trained: Generator) -> None:
        super().__init__()
        self.embed = nn.Embedding(10, EMBED)
        self.project = nn.Linear(LATENT + EMBED, WIDE * 7 * 7)
        self.up1 = nn.ConvTranspose2d(WIDE, MIDDLE, 4, 2, 1)
        self.up2 = nn.ConvTranspose2d(MIDDLE, FINE, 4, 2, 1)
        self.paint = nn.Conv2d(FINE, 1, 5, padding=2)
        self.relu0, self.relu1, self.relu2 = nn.ReLU(), nn.ReLU(), nn.ReLU()
        self.image = nn.Sigmoid()
        with torch.no_grad():
            self.embed.weight.copy_(trained.embed.weight.sigmoid())
            self.paint.load_state_dict(trained.paint.state_dict())
            _fold(trained.project, trained.norm0, self.project, 0)
            _fold(trained.up1, trained.norm1, self.up1, 1)
            _fold(trained.up2, trained.norm2, self.up2, 1)

    def forward(self, z: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        """(z [n, 64] in 0..1, label int64 [n]) -> image [n, 1, 28, 28] in 0..1."""
        x = torch.cat([z, self.embed(label)], 1)
        x = self.relu0(self.project(x)).reshape(-1, WIDE, 7, 7)
        x = self.relu2(self.up2(self.relu1(self.up1(x))))
        return self.image(self.paint(x))


def _fold(source: nn.Module, norm: NoisyNorm, target: nn.Module, axis: int) -> None:
    """Fold `norm` into `target`; `axis` is the output channel's place in the weight's shape."""
    scale = norm.gamma * (norm.var + EPS).rsqrt()
    shape = [1] * source.weight.dim()
    shape[axis] = -1
    target.weight.copy_(source.weight * scale.view(shape))
    target.bias.copy_(norm.beta - norm.mean * scale)
