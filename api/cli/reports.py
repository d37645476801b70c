"""Cost reports and timelines of programs, as the commands write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heliograph.ir.diagnostics import error
from heliograph.ir.program import Program
from heliograph.ir.program.atomic import write_atomically
from heliograph.reporting import report, sensitivity
from heliograph.runtime.report import links_to_json, render_links
from heliograph.runtime.sensitivity import render_text, to_json

_BY_SUFFIX = {".json": "json", ".txt": "text"}
_PLAIN_WIDTH = 120  # columns of text that goes to a file


@dataclass(frozen=True)
class View:
    """What of a program is shown: "cost", "link" or "sensitivity", of which the text has `top` rows."""

    kind: str = "cost"
    top: int = 20


COST = View()


def report_suffix(path: str) -> str:
    """The format that a file name asks for. Raises HG1304."""
    form = _BY_SUFFIX.get(Path(path).suffix)
    if form is None:
        raise error("HG1304", f"--report '{path}': the name ends in none of {', '.join(_BY_SUFFIX)}")
    return form


def render(
    program: Program,
    form: str,
    dims: Mapping[str, int],
    view: View = COST,
    *,
    width: int | None = _PLAIN_WIDTH,
    color: bool = False,
) -> bytes:
    """A view of a program in one of the formats text and json, and of its costs perfetto."""
    if view.kind == "sensitivity":
        moved = sensitivity(program, dims=dims)
        return to_json(moved) if form == "json" else render_text(moved, top=view.top, width=width, color=color).encode()
    found = report(program, dims=dims)
    if view.kind == "link":
        data = found.data
        return links_to_json(data) if form == "json" else render_links(data, width=width, color=color).encode()
    if form == "json":
        return found.to_json()
    if form == "perfetto":
        return found.to_trace()
    return found.to_text(width=width, color=color).rstrip("\n").encode() + b"\n"


def write_report(program: Program, path: str) -> None:
    """Write the report in the format of the file's name, open sizes taken as 1."""
    write_atomically(path, render(program, report_suffix(path), {}))


def write_trace(program: Program, path: str, dims: Mapping[str, int]) -> None:
    """Write the timeline of one run."""
    write_atomically(path, render(program, "perfetto", dims))
