"""Cost reports and timelines of programs, as the commands write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from heliograph.ir.diagnostics import error
from heliograph.ir.program import Program
from heliograph.ir.program.atomic import write_atomically
from heliograph.reporting import report
from heliograph.runtime.report import links_to_json, render_links

_BY_SUFFIX = {".json": "json", ".txt": "text"}
_PLAIN_WIDTH = 120  # columns of text that goes to a file


def report_suffix(path: str) -> str:
    """The format that a file name asks for. Raises HG1304."""
    form = _BY_SUFFIX.get(Path(path).suffix)
    if form is None:
        raise error("HG1304", f"--report '{path}': the name ends in none of {', '.join(_BY_SUFFIX)}")
    return form


def render(
    program: Program, form: str, dims: Mapping[str, int], *, width: int | None = _PLAIN_WIDTH, color: bool = False
) -> bytes:
    """The report of a program in one of the formats text, json and perfetto."""
    found = report(program, dims=dims)
    if form == "json":
        return found.to_json()
    if form == "perfetto":
        return found.to_trace()
    return found.to_text(width=width, color=color).rstrip("\n").encode() + b"\n"


def render_link(
    program: Program, form: str, dims: Mapping[str, int], *, width: int | None = _PLAIN_WIDTH, color: bool = False
) -> bytes:
    """The link budgets of a program's layers, as text or JSON."""
    data = report(program, dims=dims).data
    if form == "json":
        return links_to_json(data)
    return render_links(data, width=width, color=color).encode()


def write_report(program: Program, path: str) -> None:
    """Write the report in the format of the file's name, open sizes taken as 1."""
    write_atomically(path, render(program, report_suffix(path), {}))


def write_trace(program: Program, path: str, dims: Mapping[str, int]) -> None:
    """Write the timeline of one run."""
    write_atomically(path, render(program, "perfetto", dims))
