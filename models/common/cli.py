"""What every training script shares: options, seeds, progress, and one-line errors."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from models.common.idx import DataError

_DATA_HELP = (
    "folder with MNIST as published: train- and/or t10k-images-idx3-ubyte.gz and their "
    "-labels-idx1-ubyte.gz files (default: the 1,797 digits bundled with scikit-learn, "
    "good for trying the script, too few for a good model)"
)


def parser(description: str, epochs: int, out: Path) -> argparse.ArgumentParser:
    """An argument parser with the options common to all training scripts."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    made.add_argument("--data", type=Path, metavar="FOLDER", help=_DATA_HELP)
    made.add_argument("--out", type=Path, default=out, metavar="FILE", help="ONNX file to write or replace")
    made.add_argument("--epochs", type=positive, default=epochs, help="passes over the training pictures")
    made.add_argument("--seed", type=natural, default=1, help="same seed, data and library: same model")
    made.add_argument("--threads", type=positive, default=1, help="processor threads torch may use")
    made.add_argument("--progress", action="store_true", help="print progress even when piped to a file")
    made.add_argument("--smoke", action="store_true", help="only a few steps, to test the script itself")
    return made


def positive(text: str) -> int:
    """An argparse type: a whole number of at least 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not at least 1")
    return value


def natural(text: str) -> int:
    """An argparse type: a whole number from 0 to 2^32 - 1."""
    value = int(text)
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(f"{value} is not between 0 and 2^32 - 1")
    return value


def prepare(args: argparse.Namespace) -> Callable[[str], None]:
    """Seed every generator and limit threads; returns the function that reports progress."""
    import torch

    if args.out.is_dir() or not args.out.parent.is_dir():
        raise DataError(f"--out {args.out} must be a file in a folder that exists")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    np.random.seed(args.seed)
    random.seed(args.seed)
    shown = args.progress or sys.stderr.isatty()
    return (lambda line: print(line, file=sys.stderr, flush=True)) if shown else (lambda line: None)


def guarded(main: Callable[[list[str] | None], int], argv: list[str] | None = None) -> int:
    """Run `main`; a data error or Ctrl-C ends in one line and a nonzero status, not a traceback."""
    try:
        return main(argv)
    except (DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
