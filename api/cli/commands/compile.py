"""``heliograph compile``."""

from __future__ import annotations

import click

from heliograph.cli.options import dim_option, read_ranges, target_option, watch_options

LEVELS = ("graph", "partitioned", "tiled", "scheduled")


@click.command(name="compile")
@click.argument("model")
@target_option()
@click.option(
    "-o", "--output", metavar="FILE", help="Program (.helio) or IR text (.mlir). Default: MODEL's name with .helio."
)
@dim_option()
@click.option(
    "--overridable",
    metavar="NAME",
    multiple=True,
    help="Keep an input that has an initializer as an input, with that as its default, instead of as a constant "
    "(repeatable).",
)
@click.option("--calibrate", metavar="X.npz", help="Example inputs by name; scales are chosen from them.")
@click.option(
    "--objective", type=click.Choice(["energy", "latency"]), default="energy", show_default=True, help="What to favour."
)
@click.option("--to", "stop_at", type=click.Choice(LEVELS), help="Stop at this level of the IR.")
@click.option(
    "-p", "--pipeline", metavar="PIPELINE", help="Passes to run instead of the usual ones: 'partition,tile{...}'."
)
@click.option(
    "--fallback",
    type=click.Choice(["electronic", "error"]),
    default="electronic",
    show_default=True,
    help="What happens to a contraction that light cannot take: electronics, or an error that names it.",
)
@click.option("--report", metavar="R.json|R.txt", help="Also write the cost report.")
@watch_options()
def command(
    model: str,
    target: str,
    output: str | None,
    dims: tuple[str, ...],
    overridable: tuple[str, ...],
    calibrate: str | None,
    objective: str,
    stop_at: str | None,
    pipeline: str | None,
    fallback: str,
    report: str | None,
    dump: str | None,
    print_after: str | None,
    timing: bool,
    stats: bool,
) -> None:
    """Compile an ONNX model for optical hardware.

    Matrix products and convolutions go to light; everything else goes to the target's electronics, in regions as
    large as possible. The result is one .helio file that `heliograph run` executes and `heliograph report` prices.
    Weight files beside the model are referenced, not copied. Sizes that the model leaves open stay open unless
    --dim NAME=SIZE fixes them, --dim NAME=LEAST:TYPICAL:MOST says what to expect.

    \b
    Examples:
      heliograph compile model.onnx
      heliograph compile model.onnx -t 'awgr8-28g{opu.count=16}' --dim batch=4 -o big.helio
      heliograph compile model.onnx --to partitioned -o model.mlir      see what goes to light
      heliograph compile model.onnx --calibrate x.npz --stats --timing
    """
    from heliograph.cli.compile import Request, compile_file
    from heliograph.cli.observers import Watcher

    request = Request(
        model=model,
        target=target,
        output=output,
        dims=read_ranges(dims),
        calibrate=calibrate,
        objective=objective,
        stop_at=stop_at,
        pipeline=pipeline,
        fallback=fallback,
        report=report,
        overridable=overridable,
    )
    compile_file(request, Watcher.of(print_after, dump, timing, stats))
