"""Measure the classifier file on its held-out pictures, with and without hardware errors.

    python -m models.digits_classifier.evaluate --data FOLDER_WITH_MNIST

Uses onnxruntime only, so what is measured is the exported file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if __package__ in (None, ""):  # started as a file: make the `models` package importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import onnx

from models.common.cli import guarded, natural
from models.common.data import load_digits, split
from models.common.hardware import degrade, layer_macs, session
from models.digits_classifier.train import HELD_OUT

LEVELS = (0.0, 0.1, 0.2, 0.3, 0.5)


def main(argv: list[str] | None = None) -> int:
    """Entry point; `argv` without the program name."""
    options = argparse.ArgumentParser(
        description="Accuracy of the digit classifier on the pictures its training held out.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    default = Path(__file__).with_name("digits_classifier.onnx")
    options.add_argument("--data", type=Path, metavar="FOLDER", help="MNIST folder (default: scikit-learn)")
    options.add_argument("--model", type=Path, default=default, metavar="FILE", help="file to measure")
    options.add_argument("--seed", type=natural, default=1, help="seed of the training, which fixes the split")
    args = options.parse_args(argv)

    model = onnx.load(args.model)
    _, held_out = split(load_digits(args.data), HELD_OUT, args.seed)
    rows = layer_macs(model)
    for row in rows:
        print(*row)
    print(f"total {sum(r[3] for r in rows):,} parameters, {sum(r[4] for r in rows):,} MACs per picture")
    for bits in (None, 8, 6):
        for noise in LEVELS:
            run = session(degrade(model, noise, bits, seed=7)).run
            answers = run(["logits"], {"image": held_out.images})[0].argmax(1)
            share = float((answers == held_out.labels).mean())
            print(f"{f'{bits} bits' if bits else 'exact'}, noise {noise}: {share:.2%} correct")
    return 0


if __name__ == "__main__":
    raise SystemExit(guarded(main))
