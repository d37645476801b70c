"""Measure a generator file under noise: readability, Frechet distance and diversity.

    python -m models.digits_gan.evaluate --data FOLDER_WITH_MNIST [--grid samples.png]

Uses onnxruntime only, so what is measured is the exported file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if __package__ in (None, ""):  # started as a file: make the `models` package importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import onnx

from models.common.cli import guarded, natural, positive
from models.common.data import load_digits
from models.common.hardware import degrade, layer_macs, session
from models.digits_gan.score import CLASSIFIER, GENERATOR, intended_rate, latents

LEVELS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)


def generate(path: Path, z: np.ndarray, label: np.ndarray, noise: float, bits: int | None) -> np.ndarray:
    """Pictures float32 [n, 1, 28, 28] from the model file, in batches of 100, with hardware errors."""
    run = session(degrade(onnx.load(path), noise, bits, seed=7)).run
    parts = [run(["image"], {"z": z[i : i + 100], "label": label[i : i + 100]})[0] for i in range(0, len(z), 100)]
    return np.concatenate(parts)


def features(images: np.ndarray) -> np.ndarray:
    """The scoring classifier's 32 hidden values before its ReLU, float64 [n, 32]."""
    model = onnx.load(CLASSIFIER)
    model.graph.output.append(onnx.helper.make_tensor_value_info("hidden.out", 1, ["batch", 32]))
    return session(model).run(["hidden.out"], {"image": images})[0].astype(np.float64)


def frechet(one: np.ndarray, other: np.ndarray) -> float:
    """Frechet distance of the Gaussians fitted to two feature sets [n, d]."""
    shift = one.mean(0) - other.mean(0)
    a, b = np.cov(one.T), np.cov(other.T)
    cross = np.sqrt(np.linalg.eigvals(a @ b).real.clip(0)).sum()
    return float(shift @ shift + np.trace(a) + np.trace(b) - 2 * cross)


def spread(images: np.ndarray, labels: np.ndarray) -> float:
    """Mean pixel distance (Euclidean, ink = 1) between two pictures of one class, over 100 of each."""
    found = []
    for digit in range(10):
        flat = images[labels == digit][:100].reshape(-1, 784).astype(np.float64)
        power = (flat**2).sum(1)
        square = power[:, None] + power[None] - 2 * flat @ flat.T
        found.append(np.sqrt(square.clip(0)[np.triu_indices(len(flat), 1)]).mean())
    return float(np.mean(found))


def _grid(path: Path, rows: list[np.ndarray]) -> None:
    import matplotlib.image

    picture = np.concatenate([np.concatenate(list(row[:, 0]), 1) for row in rows])
    matplotlib.image.imsave(path, np.kron(picture, np.ones((2, 2))), cmap="gray_r", vmin=0, vmax=1)


def main(argv: list[str] | None = None) -> int:
    """Entry point; `argv` without the program name."""
    options = argparse.ArgumentParser(
        description="Measure the digit generator: share of pictures read as intended, Frechet distance "
        "and spread, without errors and with the noise and rounding of analog hardware.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    options.add_argument("--data", type=Path, metavar="FOLDER", help="MNIST folder (default: scikit-learn)")
    options.add_argument("--model", type=Path, default=GENERATOR, metavar="FILE", help="generator to measure")
    options.add_argument("--count", type=positive, default=1000, help="pictures per measurement")
    options.add_argument("--seed", type=natural, default=11, help="seed of the latents")
    options.add_argument("--grid", type=Path, metavar="PNG", help="write samples; 4 rows clean, 4 at 0.3")
    args = options.parse_args(argv)

    real = load_digits(args.data)
    known = features(real.images)
    half = np.random.default_rng(0).permutation(len(known))[: args.count]
    z, label = latents(args.count, args.seed)
    print("node, operator, output, parameters, MACs")
    for row in (rows := layer_macs(onnx.load(args.model))):
        print("  ", *row)
    print(f"   total {sum(r[3] for r in rows):,} parameters, {sum(r[4] for r in rows):,} MACs per picture")
    print(f"real pictures: Frechet {frechet(known, known[half]):.2f}, "
          f"spread {spread(real.images, real.labels):.2f}")  # fmt: skip
    for bits in (None, 8, 6):
        for noise in LEVELS:
            made = generate(args.model, z, label, noise, bits)
            print(
                f"{f'{bits} bits' if bits else 'exact'}, noise {noise}: intended "
                f"{intended_rate(made, label):.1%}, Frechet {frechet(known, features(made)):.2f}, "
                f"spread {spread(made, label):.2f}"
            )
    if args.grid:
        shown = [generate(args.model, z[:160], label[:160], n, 8 if n else None) for n in (0.0, 0.3)]
        _grid(args.grid, [made[i : i + 20] for made in shown for i in range(0, 80, 20)])
    return 0


if __name__ == "__main__":
    raise SystemExit(guarded(main))
