"""``heliograph opt``."""

from __future__ import annotations

import click

from heliograph.cli.options import target_option, watch_options


@click.command(name="opt")
@click.argument("file")
@click.option(
    "-p",
    "--pipeline",
    required=True,
    metavar="PIPELINE",
    help="Passes: 'partition,tile{...}'; '' only checks the file.",
)
@target_option(default=None)
@click.option("-o", "--output", metavar="FILE", help="IR text (.mlir) or program (.helio). Default: the terminal.")
@click.option("--weights", metavar="DIR", help="Where the model and its weight files lie. Default: beside FILE.")
@watch_options()
def command(
    file: str,
    pipeline: str,
    target: str | None,
    output: str | None,
    weights: str | None,
    dump: str | None,
    print_after: str | None,
    timing: bool,
    stats: bool,
) -> None:
    """Run any piece of the compiler over an IR file.

    FILE is .mlir text as `heliograph compile --dump` writes it. The passes of PIPELINE run in order; each takes IR of
    one level, which FILE declares in helio.level. The target is the one that FILE names, unless -t gives another.

    \b
    Examples:
      heliograph compile model.onnx --dump steps
      heliograph opt steps/0_graph.mlir -p partition
      heliograph opt steps/1_partitioned.mlir -p 'tile,schedule' --print-after all
    """
    from heliograph.cli.observers import Watcher
    from heliograph.cli.opt import optimise

    text = optimise(file, pipeline, target, weights, output, Watcher.of(print_after, dump, timing, stats))
    if text is not None:
        click.echo(text.rstrip("\n"))
