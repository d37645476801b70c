"""Cost reports and timelines of programs, as the commands write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from heliograph.hardware import target_of
from heliograph.ir.diagnostics import error
from heliograph.ir.program import Program, load_program
from heliograph.ir.program.atomic import write_atomically

_BY_SUFFIX = {".json": "json", ".txt": "text"}


def report_suffix(path: str) -> str:
    """The format that a file name asks for. Raises HG1304."""
    form = _BY_SUFFIX.get(Path(path).suffix)
    if form is None:
        raise error("HG1304", f"--report '{path}': the name ends in none of {', '.join(_BY_SUFFIX)}")
    return form


def render(path: str, form: str, dims: Mapping[str, int]) -> str:
    """The report of a program file. Raises HG3001..HG3004, HG1201."""
    return render_program(load_program(path), form, dims)


def render_program(program: Program, form: str, dims: Mapping[str, int]) -> str:
    """The report of a program in one of the formats."""
    from heliograph.runtime import report, report_json, report_text

    found = report(program, target_of(program), dims)
    return report_json(found) if form == "json" else report_text(found)


def write_report(program: Program, path: str) -> None:
    """Write the report in the format of the file's name, open sizes taken as 1."""
    text = render_program(program, report_suffix(path), {})
    write_atomically(path, (text.rstrip("\n") + "\n").encode())


def write_trace(program: Program, path: str, dims: Mapping[str, int]) -> None:
    """Write the timeline of one run in Chrome's trace format, which Perfetto opens."""
    from heliograph.runtime import trace_json

    write_atomically(path, trace_json(program, target_of(program), dims).encode())
