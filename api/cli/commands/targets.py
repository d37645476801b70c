"""``heliograph targets``."""

from __future__ import annotations

import click


@click.command(name="targets")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def command(name: str | None, as_json: bool) -> None:
    """List the optical hardware one can compile for, or show everything about one target.

    A target is spelled NAME, or NAME{key=value,...} to change some of its numbers, or is a path to a .toml file of
    your own. With NAME, every number is shown with its unit, source and status, then the peak performance, the
    energy per operation at each boundary and the link budget that follow from them.

    \b
    Examples:
      heliograph targets
      heliograph targets awgr8-28g
      heliograph targets 'awgr8-28g{opu.count=16,laser.power_dbm=13}'
    """
    from heliograph.cli.show_targets import show_all, show_one

    click.echo(show_all(as_json) if name is None else show_one(name, as_json))
