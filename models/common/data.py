"""Handwritten digits for training: MNIST idx files, or scikit-learn's bundled digits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.common.idx import DataError, read_idx

SIDE = 28  # picture side in pixels
_PREFIXES = ("train", "t10k")


@dataclass(frozen=True)
class Digits:
    """images: float32 [n, 1, 28, 28], 0 = paper, 1 = ink; labels: int64 [n], 0..9."""

    images: np.ndarray
    labels: np.ndarray
    source: str

    def subset(self, index: np.ndarray) -> Digits:
        """The pictures and labels at `index`, int64 [m]."""
        return Digits(self.images[index], self.labels[index], self.source)


def load_digits(folder: Path | None) -> Digits:
    """Digits of the MNIST files in `folder`, or of scikit-learn when no folder is given."""
    return _bundled() if folder is None else _mnist(folder)


def split(digits: Digits, held_out: float, seed: int) -> tuple[Digits, Digits]:
    """(training part, held-out part): a shuffle by `seed`, `held_out` is a fraction of 1."""
    order = np.random.default_rng(seed).permutation(len(digits.labels))
    cut = max(1, round(len(order) * held_out))
    return digits.subset(order[cut:]), digits.subset(order[:cut])


def _mnist(folder: Path) -> Digits:
    if not folder.is_dir():
        raise DataError(f"--data {folder} is not a folder")
    found = [p for p in _PREFIXES if (folder / f"{p}-images-idx3-ubyte.gz").is_file()]
    if not found:
        raise DataError(f"{folder} holds neither train- nor t10k-images-idx3-ubyte.gz")
    images, labels = [], []
    for prefix in found:
        picture = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz", 3)
        label = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", 1)
        if picture.shape[1:] != (SIDE, SIDE):
            raise DataError(f"{prefix} pictures are {picture.shape[1:]}, expected 28 x 28")
        if len(picture) != len(label):
            raise DataError(f"{prefix}: {len(picture)} pictures but {len(label)} labels")
        if label.max() > 9:
            raise DataError(f"{prefix} labels reach {label.max()}, expected 0 to 9")
        images.append(picture)
        labels.append(label)
    pixels = np.concatenate(images)[:, None].astype(np.float32) / 255
    return Digits(pixels, np.concatenate(labels).astype(np.int64), "MNIST " + "+".join(found))


def _bundled() -> Digits:
    try:
        from sklearn.datasets import load_digits as bundled
    except ImportError:
        raise DataError("without --data this needs scikit-learn (pip install scikit-learn)") from None
    raw = bundled()
    small = raw.images.astype(np.float32) / 16  # [1797, 8, 8]
    grow = _interpolation(8, 20)  # MNIST centres the digit in a 20 x 20 box as well
    large = np.einsum("ij,njk,lk->nil", grow, small, grow)
    images = np.pad(large, ((0, 0), (4, 4), (4, 4)))[:, None].astype(np.float32)
    return Digits(images, raw.target.astype(np.int64), "scikit-learn digits, 8x8 enlarged")


def _interpolation(source: int, target: int) -> np.ndarray:
    """Linear interpolation as a matrix, float32 [target, source]."""
    at = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    low = np.minimum(at.astype(int), source - 2)
    matrix = np.zeros((target, source), np.float32)
    matrix[np.arange(target), low] = 1 - (at - low)
    matrix[np.arange(target), low + 1] = at - low
    return matrix
