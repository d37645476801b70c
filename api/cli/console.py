"""Diagnostics on the terminal: grouped by op type, equal ones told once, coloured only where colour is seen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import click

    from heliograph.ir.diagnostics import Diagnostic

_COLOURS = {"error": "31", "warning": "33", "note": "36"}
_NODES_SHOWN = 4


def print_diagnostics(diagnostics: Iterable[Diagnostic], stream: TextIO | None = None) -> None:
    """Print all of them to stderr, and where to read more."""
    out = stream or sys.stderr
    found = list(diagnostics)
    for line in diagnostic_lines(found, paint=wants_colour(out)):
        print(line, file=out)
    codes = sorted({d.code for d in found})
    if codes:
        print(
            f"`heliograph explain {codes[0]}` says more" + (f" (also {', '.join(codes[1:])})" * bool(codes[1:])),
            file=out,
        )


def diagnostic_lines(diagnostics: list[Diagnostic], *, paint: bool = False) -> list[str]:
    """One block per distinct problem; op types with several problems get a heading."""
    lines: list[str] = []
    groups: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        groups.setdefault(diagnostic.op_type, []).append(diagnostic)
    for op_type, group in groups.items():
        indent = ""
        if op_type and len(group) > 1:
            lines.append(f"{op_type}: {len(group)} problems")
            indent = "  "
        alike: dict[tuple[str, str, str, str], list[str]] = {}
        for d in group:
            alike.setdefault((str(d.severity), d.code, d.message, d.remedy), []).append(d.node)
        for (severity, code, message, remedy), nodes in alike.items():
            lines.append(f"{indent}{_paint(severity, paint)} {code}{_where(op_type, nodes)}: {message}")
            if remedy:
                lines.append(f"{indent}  remedy: {remedy}")
    return lines


def _where(op_type: str, nodes: list[str]) -> str:
    named = [f"'{n}'" for n in dict.fromkeys(nodes) if n]
    if not named:
        return ""
    more = f" and {len(named) - _NODES_SHOWN} more" if len(named) > _NODES_SHOWN else ""
    return f" at {op_type or 'node'} {', '.join(named[:_NODES_SHOWN])}{more}"


def _paint(severity: str, paint: bool) -> str:
    return f"\033[1;{_COLOURS[severity]}m{severity}\033[0m" if paint else severity


def wants_colour(stream: TextIO) -> bool:
    """Colour is for terminals, and not where NO_COLOR or TERM=dumb ask for none."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(getattr(stream, "isatty", lambda: False)())


def print_usage_error(problem: click.ClickException) -> int:
    """A mistake on the command line, in the form of every other diagnostic; returns exit code 2."""
    import click

    context = problem.ctx if isinstance(problem, click.UsageError) else None
    command = context.command_path if context else "heliograph"
    print(f"{_paint('error', wants_colour(sys.stderr))} HG1304: {_tidy(problem.format_message())}", file=sys.stderr)
    print(f"  remedy: `{command} --help` shows how it is used", file=sys.stderr)
    return 2


def _tidy(message: str) -> str:
    text = " ".join(message.split())
    return text[:-1] if text.endswith(".") else text
