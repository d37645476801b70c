"""``heliograph check``."""

from __future__ import annotations

import click

from heliograph.cli.options import dim_option, engine_options, target_option


@click.command(name="check")
@click.argument("model")
@target_option()
@dim_option()
@click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input, as for `run`; others are drawn at random."
)
@click.option("--rtol", type=float, default=1e-4, show_default=True, help="Relative tolerance of the ideal engine.")
@click.option("--atol", type=float, default=1e-5, show_default=True, help="Absolute tolerance of the ideal engine.")
@engine_options()
def command(
    model: str,
    target: str,
    dims: tuple[str, ...],
    inputs: tuple[str, ...],
    rtol: float,
    atol: float,
    engine: str | None,
    fidelity: str,
    seed: int,
) -> None:
    """Compare a model on light with onnxruntime, layer by layer.

    First the program runs with exact arithmetic: every layer must agree with onnxruntime within the tolerance, and
    the first that does not is named (exit code 3). Then it runs with the engine asked for, and the signal-to-noise
    ratio of every layer on light is shown.

    \b
    Examples:
      heliograph check model.onnx
      heliograph check model.onnx -t 'awgr8-28g{laser.launch_power_dbm=10}' --dim batch=4
    """
    from heliograph.cli.check import CheckRequest, check_model
    from heliograph.cli.options import read_dims

    check_model(CheckRequest(model, target, read_dims(dims), inputs, rtol, atol, engine, fidelity, seed))
