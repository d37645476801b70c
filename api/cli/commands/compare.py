"""``heliograph compare``."""

from __future__ import annotations

import click

from heliograph.cli.options import dim_option, read_dims


@click.command(name="compare")
@click.argument("model")
@click.option(
    "-t",
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET[,TARGET]",
    help="Targets to compare, separated by commas outside braces, or the option repeated. Default: one per family.",
)
@dim_option()
@click.option("--objective", type=click.Choice(["energy", "latency"]), default="energy", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
def command(model: str, targets: tuple[str, ...], dims: tuple[str, ...], objective: str, as_json: bool) -> None:
    """Compile one model for several targets and put what they cost side by side.

    Each row is priced by the code behind `heliograph report`. Sizes that the model leaves open are given by --dim
    (otherwise 1). A target that refuses the model has a row that says why.

    \b
    Examples:
      heliograph compare model.onnx
      heliograph compare model.onnx -t awgr8-28g,ideal --dim batch=64
      heliograph compare model.onnx -t awgr8-28g -t 'awgr8-28g{opu.count=16}' --json
    """
    from heliograph.cli.compare import comparison, split_targets, table

    rows = comparison(model, split_targets(targets), read_dims(dims), objective)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
    else:
        click.echo("\n".join(table(rows)))
