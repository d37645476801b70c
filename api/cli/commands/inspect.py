"""``heliograph inspect``."""

from __future__ import annotations

import click

from heliograph.cli.commands.compile import LEVELS
from heliograph.cli.options import target_option


@click.command(name="inspect")
@click.argument("file")
@click.option("--level", type=click.Choice(LEVELS), help="Show the IR of this level instead of the summary.")
@target_option()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable summary.")
def command(file: str, level: str | None, target: str, as_json: bool) -> None:
    """Look into a model (.onnx), an IR file (.mlir) or a program (.helio).

    A model shows its inputs and outputs, symbolic dimensions, opsets, nodes by type, parameters and
    multiply-accumulates, and with --level the IR that it compiles to for -t TARGET. An IR file is checked and shown
    in canonical form. A program shows its manifest: origin, target, inputs and outputs, weights; with --level its IR.
    Weight data is never read.

    \b
    Examples:
      heliograph inspect model.onnx
      heliograph inspect model.onnx --level partitioned
      heliograph inspect model.helio --json
    """
    from heliograph.cli.inspect import inspect_file

    click.echo(inspect_file(file, level, target, as_json).rstrip("\n"))
