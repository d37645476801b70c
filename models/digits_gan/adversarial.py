"""The adversarial training loop (torch)."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from models.common.augment import jitter
from models.common.data import Digits
from models.common.fit import batches
from models.digits_gan.critics import Discriminator
from models.digits_gan.generator import LATENT, Generator

BATCH = 64
RATE_G, RATE_D = 5e-4, 8e-4
AVERAGING = 0.998  # the exported generator is a running mean over about 500 steps


@dataclass(frozen=True)
class Plan:
    """epochs, seed, noise (largest relative std), guidance (loss weight), limit (steps, for tests)."""

    epochs: int
    seed: int
    noise: float
    guidance: float
    limit: int | None = None


def train(digits: Digits, reader: nn.Module, plan: Plan, report: Callable[[str], None]) -> Generator:
    """Hinge-loss training; returns the running mean of the generator."""
    draw = torch.Generator().manual_seed(plan.seed)
    generator, critic = Generator(), Discriminator()
    mean = copy.deepcopy(generator).requires_grad_(False)
    reader.requires_grad_(False).eval()
    step_g = torch.optim.Adam(generator.parameters(), RATE_G, betas=(0.5, 0.99))
    step_d = torch.optim.Adam(critic.parameters(), RATE_D, betas=(0.5, 0.99))
    total = plan.limit or plan.epochs * (len(digits.labels) // BATCH)
    step, started = 0, time.monotonic()
    for epoch in range(plan.epochs):
        for images, labels in batches(digits, BATCH, draw):
            _cool(step_g, RATE_G, step / total)
            _cool(step_d, RATE_D, step / total)
            ceiling = plan.noise * min(1.0, max(0.0, step / total * 5 - 1))  # 0 until 20 %, full at 40 %
            real = jitter(images, 5, 1, 0.05, draw)
            z, wanted, level = draws(BATCH, ceiling, draw)
            fake = generator(z, wanted, level)
            scores = critic(torch.cat([real, fake.detach()]), torch.cat([labels, wanted]))
            loss_d = functional.relu(1 - scores[:BATCH]).mean() + functional.relu(1 + scores[BATCH:]).mean()
            _update(step_d, loss_d)
            critic.requires_grad_(False)
            reading = functional.cross_entropy(reader(fake), wanted, label_smoothing=0.05)
            _update(step_g, plan.guidance * reading - critic(fake, wanted).mean())
            critic.requires_grad_(True)
            _average(mean, generator, min(AVERAGING, step / (step + 10)))
            step += 1
            if step == total:
                return mean
        minutes = (time.monotonic() - started) / 60
        report(
            f"epoch {epoch + 1}/{plan.epochs}: critic {loss_d.item():.3f} "
            f"guide {reading.item():.3f} noise {ceiling:.2f} ({minutes:.1f} min)"
        )
    return mean


def draws(
    count: int, ceiling: float, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
    """(z [count, 64] in 0..1, label [count], relative noise std [count] in 0..ceiling)."""
    z = torch.rand(count, LATENT, generator=generator)
    label = torch.randint(10, (count,), generator=generator)
    level = torch.rand(count, generator=generator) * ceiling if ceiling else None
    return z, label, level


@torch.no_grad()
def calibrate(generator: Generator, noise: float, passes: int, seed: int) -> None:
    """Measure the batch statistics afresh with the final weights, noise included."""
    draw = torch.Generator().manual_seed(seed)
    generator.train()
    for index in range(passes):
        for norm in (generator.norm0, generator.norm1, generator.norm2):
            norm.momentum = 1 / (index + 1)  # a plain mean over all passes
        generator(*draws(200, noise, draw))
    generator.eval()


def _update(optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def _cool(optimizer: torch.optim.Optimizer, rate: float, done: float) -> None:
    """Constant for the first half, then a half cosine down to 5 % of `rate`."""
    late = max(0.0, 2 * done - 1)
    for group in optimizer.param_groups:
        group["lr"] = rate * (0.05 + 0.95 * (1 + math.cos(math.pi * late)) / 2)


@torch.no_grad()
def _average(mean: Generator, now: Generator, keep: float) -> None:
    for kept, fresh in zip(mean.parameters(), now.parameters(), strict=True):
        kept.lerp_(fresh, 1 - keep)
