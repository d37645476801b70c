"""Supervised training of a digit classifier (torch); the zoo's reader and the GAN's guide use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import nn
from torch.nn import functional

from models.common.augment import jitter
from models.common.data import Digits


def batches(digits: Digits, size: int, generator: torch.Generator) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """One shuffled pass: (images float32 [size, 1, 28, 28], labels int64 [size]); the rest is dropped."""
    images, labels = torch.from_numpy(digits.images), torch.from_numpy(digits.labels)
    order = torch.randperm(len(labels), generator=generator)
    for start in range(0, len(order) - size + 1, size):
        take = order[start : start + size]
        yield images[take], labels[take]


def fit(
    network: nn.Module, digits: Digits, epochs: int, seed: int, pixel_noise: float,
    report: Callable[[str], None],
    limit: int | None = None, layer_noise: float = 0.0,
) -> None:  # fmt: skip
    """Train in place with AdamW and a one-cycle rate; `limit` caps the number of steps.

    pixel_noise: standard deviation (ink = 1) of Gaussian noise; each picture gets 0 to that much.
    layer_noise: largest relative std of noise after each layer, full from half of the training on;
    the network must then accept it as a second argument.
    """
    generator = torch.Generator().manual_seed(seed)
    size = 64
    total = limit or epochs * (len(digits.labels) // size)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=total)
    network.train()
    step = 0
    for epoch in range(epochs):
        for images, labels in batches(digits, size, generator):
            seen = jitter(images, 12, 2, 0.1, generator)
            level = torch.rand(size, 1, 1, 1, generator=generator) * pixel_noise
            seen = seen + level * torch.randn(seen.shape, generator=generator)
            inputs = [seen]
            if layer_noise:
                ceiling = layer_noise * min(1.0, 2 * step / total)
                inputs.append(torch.rand(size, generator=generator) * ceiling)
            loss = functional.cross_entropy(network(*inputs), labels, label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            if step == total:
                break
        report(f"epoch {epoch + 1}/{epochs}: loss {loss.item():.3f}")
        if step == total:
            break
    network.eval()


@torch.no_grad()
def accuracy(network: nn.Module, digits: Digits) -> float:
    """Share of `digits` read correctly, 0..1."""
    answers = [network(part).argmax(1) for part in torch.from_numpy(digits.images).split(500)]
    return float((torch.cat(answers) == torch.from_numpy(digits.labels)).double().mean())
