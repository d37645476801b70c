"""``heliograph report``."""

from __future__ import annotations

import click

from heliograph.cli.options import dim_option, read_dims


@click.command(name="report")
@click.argument("program")
@click.option("--format", "form", type=click.Choice(["text", "json", "perfetto"]), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--link", is_flag=True, help="Only the link budget: every loss, current and noise term, and the fibre.")
@click.option("--sensitivity", is_flag=True, help="Instead: what 10 % more or less of every number of the target does.")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="Rows of --sensitivity in the text.")
@dim_option()
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of the terminal.")
def command(
    program: str,
    form: str,
    as_json: bool,
    link: bool,
    sensitivity: bool,
    top: int,
    dims: tuple[str, ...],
    output: str | None,
) -> None:
    """Say what one run of a program costs, and why.

    Per layer: shape, tiles, how full they are, symbols, reloads, latency, energy by component, SNR and effective
    bits. In total: coverage by nodes and multiply-accumulates, energy at the four boundaries (optical, analog,
    converter, system), mW/TOPS, where the electronics go, and electronic processors to compare with. Sizes that the
    program leaves open are given by --dim (otherwise 1).

    --link shows the light instead: from launch power over every loss to photocurrents, noise term by term, SNR and
    bits, for each set of number formats that the layers have. --sensitivity moves every number of the target by a
    tenth each way and sorts them by what that does to energy, time, mW/TOPS and SNR; the program is timed and priced
    again from its counts, and the text says what is held.

    \b
    Examples:
      heliograph report model.helio
      heliograph report model.helio --link
      heliograph report model.helio --sensitivity --top 10
      heliograph report model.helio --dim batch=64 --format json -o report.json
      heliograph report model.helio --format perfetto -o trace.json      open it at ui.perfetto.dev
    """
    import sys

    from heliograph.cli.console import wants_colour
    from heliograph.cli.reports import View, render
    from heliograph.cli.run import load
    from heliograph.ir.program.atomic import write_atomically

    form = "json" if as_json else form
    if link and sensitivity:
        raise click.UsageError("--link and --sensitivity are views of their own: give one of them")
    if form == "perfetto" and (link or sensitivity):
        raise click.UsageError("--link and --sensitivity are text or JSON")
    view = View("link" if link else "sensitivity" if sensitivity else "cost", top)
    loaded, sizes = load(program), read_dims(dims)
    if output is not None:
        write_atomically(output, render(loaded, form, sizes, view))
        return
    width = None if sys.stdout.isatty() else 120
    text = render(loaded, form, sizes, view, width=width, color=wants_colour(sys.stdout))
    click.echo(text.decode().rstrip("\n"))
