"""Train the digit generator against noise and write it as ONNX.

python -m models.digits_gan.train --data FOLDER_WITH_MNIST --progress
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):  # started as a file: make the `models` package importable
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from models.common.cli import guarded, parser, positive, prepare
from models.common.data import load_digits

ABOUT = (
    "Handwritten digit generator. z float32 [batch,64] uniform in 0..1, label int64 [batch] 0..9 "
    "-> image float32 [batch,1,28,28], 0 paper to 1 ink."
)


def main(argv: list[str] | None = None) -> int:
    """Entry point; `argv` without the program name."""
    options = parser(
        "Train the zoo's digit generator: first a guide classifier, then the generator against a "
        "discriminator, from mid-training on with Gaussian noise after every layer as analog "
        "hardware adds it. Writes a self-contained ONNX file with batch norm folded in.",
        epochs=40,
        out=Path("digits_gan.onnx"),
    )
    options.add_argument("--noise", type=float, default=0.4, help="largest relative std of injected noise")
    options.add_argument("--guidance", type=float, default=0.3, help="weight of the guide's loss")
    options.add_argument("--guide-epochs", type=positive, default=10, help="training of the guide")
    args = options.parse_args(argv)
    if not 0 <= args.noise <= 2 or not 0 <= args.guidance <= 100:
        options.error("--noise must be 0 to 2 and --guidance 0 to 100")
    report = prepare(args)

    import torch

    from models.common.export import export
    from models.common.fit import fit
    from models.digits_gan.adversarial import Plan, calibrate, train
    from models.digits_gan.critics import guide
    from models.digits_gan.generator import LATENT, FoldedGenerator

    digits = load_digits(args.data)
    limit = 3 if args.smoke else None
    reader = guide()
    fit(reader, digits, args.guide_epochs, args.seed + 1000, 0.3, report, limit)
    plan = Plan(args.epochs, args.seed, args.noise, args.guidance, limit)
    generator = train(digits, reader, plan, report)
    calibrate(generator, args.noise, 2 if args.smoke else 100, args.seed)
    inputs = {"z": torch.rand(2, LATENT), "label": torch.arange(2)}
    export(FoldedGenerator(generator), inputs, "image", args.out, ABOUT)
    done = f"{limit} steps" if limit else f"{args.epochs} epochs"
    print(f"{args.out}: trained {done} on {digits.source}, seed {args.seed}")
    return 0


if __name__ == "__main__":
    raise SystemExit(guarded(main))
