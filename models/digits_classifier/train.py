"""Train the digit reader and write it as ONNX.

python -m models.digits_classifier.train --data FOLDER_WITH_MNIST --progress
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):  # started as a file: make the `models` package importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.common.cli import guarded, parser, prepare
from models.common.data import load_digits, split

HELD_OUT = 0.2
ABOUT = "Digit reader. image float32 [batch,1,28,28], 0 paper to 1 ink -> logits float32 [batch,10]."


def main(argv: list[str] | None = None) -> int:
    """Entry point; `argv` without the program name."""
    options = parser(
        "Train the zoo's digit classifier on 80 % of the pictures, report its accuracy on the "
        "held-out 20 %, and write it as a self-contained ONNX file.",
        epochs=30,
        out=Path("digits_classifier.onnx"),
    )
    options.add_argument("--noise", type=float, default=0.4, help="largest relative std of injected noise")
    args = options.parse_args(argv)
    if not 0 <= args.noise <= 2:
        options.error("--noise must be 0 to 2")
    report = prepare(args)

    import torch

    from models.common.export import export
    from models.common.fit import accuracy, fit
    from models.digits_classifier.network import Reader

    training, held_out = split(load_digits(args.data), HELD_OUT, args.seed)
    network = Reader()
    fit(network, training, args.epochs, args.seed, 0.15, report, 5 if args.smoke else None, args.noise)
    share = accuracy(network, held_out)
    export(network, {"image": torch.zeros(2, 1, 28, 28)}, "logits", args.out, ABOUT)
    print(
        f"{args.out}: {share:.2%} of {len(held_out.labels)} held-out pictures read correctly "
        f"({training.source}, {len(training.labels)} trained on, seed {args.seed})"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(guarded(main))
