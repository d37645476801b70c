"""Latents for the generator, and a reader that says how many pictures show the intended digit.

Needs numpy and onnxruntime only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime as ort

GENERATOR = Path(__file__).with_name("digits_gan.onnx")
CLASSIFIER = Path(__file__).parents[1] / "digits_classifier" / "digits_classifier.onnx"
LATENT = 64


def latents(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(z float32 [count, 64] uniform in 0..1, label int64 [count] cycling 0..9)."""
    if count < 1:
        raise ValueError(f"count is {count}, must be at least 1")
    z = np.random.default_rng(seed).random((count, LATENT), dtype=np.float32)
    return z, np.arange(count, dtype=np.int64) % 10


def read_digits(images: np.ndarray) -> np.ndarray:
    """The digit the classifier sees, int64 [n], in images [n, 1, 28, 28], 0 = paper, 1 = ink."""
    images = np.asarray(images, dtype=np.float32)
    if images.ndim != 4 or images.shape[1:] != (1, 28, 28):
        raise ValueError(f"images have shape {images.shape}, expected (n, 1, 28, 28)")
    session = _classifier()
    parts = np.array_split(images, max(1, -(-len(images) // 256)))
    return np.concatenate([session.run(["logits"], {"image": part})[0] for part in parts]).argmax(1)


def intended_rate(images: np.ndarray, labels: np.ndarray) -> float:
    """Share of images, 0..1, in which the classifier reads the intended digit."""
    labels = np.asarray(labels)
    answers = read_digits(images)
    if labels.shape != answers.shape:
        raise ValueError(f"{len(answers)} images but labels of shape {labels.shape}")
    return float((answers == labels).mean())


@cache
def _classifier() -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(CLASSIFIER), options, providers=["CPUExecutionProvider"])
