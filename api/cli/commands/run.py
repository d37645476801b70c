"""``heliograph run``."""

from __future__ import annotations

import click

from heliograph.cli.options import engine_options


@click.command(name="run")
@click.argument("program")
@click.option(
    "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input: @file.npy, numbers (0.5,1), or JSON."
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="NAME=@FILE.npy",
    help="Write an output; without it, outputs are summed up.",
)
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="NAME=@REF.npy",
    help="Compare an output; exit code 3 when it differs.",
)
@click.option("--rtol", type=float, default=1e-4, show_default=True, help="Relative tolerance of --expect.")
@click.option("--atol", type=float, default=1e-6, show_default=True, help="Absolute tolerance of --expect.")
@engine_options()
@click.option(
    "--threads", type=click.IntRange(1), help="Threads that compute. Default: all cores. Light does not depend on it."
)
@click.option(
    "--device", metavar="DEVICE", help="A device of torch for the light: cuda, cuda:1. Needs the extra torch."
)
@click.option("--stats", is_flag=True, help="Say what the engine did, and which nodes are slow and why.")
@click.option("--trace", metavar="T.json", help="Write the timeline, for Perfetto (ui.perfetto.dev).")
def command(
    program: str,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    expected: tuple[str, ...],
    rtol: float,
    atol: float,
    engine: str | None,
    fidelity: str,
    seed: int,
    threads: int | None,
    device: str | None,
    stats: bool,
    trace: str | None,
) -> None:
    """Run a compiled program on simulated light.

    PROGRAM is a .helio file. Every input must be given, in the dtype that the model declares: a .npy file, or small
    arrays on the command line, either as numbers that fill the input row by row or as nested JSON lists. Equal seeds
    give equal outputs on every machine.

    \b
    Examples:
      heliograph run digits.helio --input z=@z.npy --output image=@image.npy
      heliograph run small.helio --input x=0.5,1 --engine ideal
      heliograph run small.helio --input 'x=[[0.5, 1], [2, 3]]' --expect y=@ref.npy --rtol 0.02
    """
    from heliograph.cli.run import RunRequest, run_file

    simulation = (engine, fidelity, seed, threads, device)
    run_file(RunRequest(program, inputs, outputs, expected, rtol, atol, *simulation, stats, trace))
