"""``heliograph explain``."""

from __future__ import annotations

import difflib

import click


@click.command(name="explain")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain a diagnostic code: what it means and how to mend its cause. Without CODE, list all codes.

    \b
    Examples:
      heliograph explain HG1203
      heliograph explain
    """
    from heliograph.ir.diagnostics import CODES, error, explain

    if code is None:
        for name in sorted(CODES):
            click.echo(f"{name}  {CODES[name].title}")
        return
    wanted = code.strip().upper()
    wanted = f"HG{wanted}" if wanted.isdigit() else wanted
    if wanted not in CODES:
        near = difflib.get_close_matches(wanted, CODES, 3, 0.5)
        hint = f"the nearest are {', '.join(near)}" if near else "`heliograph explain` lists all codes"
        raise error("HG1302", f"there is no code '{code}'", remedy=hint)
    click.echo(explain(wanted))
