"""Does what ``heliograph compile`` says."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import click

from heliograph.backends import link_warnings, load_target
from heliograph.cli.arrays import read_npz
from heliograph.cli.console import print_diagnostics
from heliograph.cli.coverage import coverage_lines
from heliograph.cli.observers import Watcher
from heliograph.cli.progress import progress
from heliograph.cli.reports import report_suffix, write_report
from heliograph.cli.sidecar import SUFFIX, Sidecar
from heliograph.cli.tables import amount
from heliograph.compiling import compile_unit, program_of
from heliograph.ir.diagnostics import error
from heliograph.ir.program import Program
from heliograph.ir.program.atomic import write_atomically
from heliograph.ir.sizes import Dim

_MOST_INPUTS = 4  # spelled out in the command to run next


@dataclass(frozen=True)
class Request:
    """The command line, read."""

    model: str
    target: str
    output: str | None
    dims: dict[str, Dim]
    calibrate: str | None
    objective: str
    stop_at: str | None
    pipeline: str | None
    fallback: str
    report: str | None
    overridable: tuple[str, ...] = ()


def compile_file(request: Request, watcher: Watcher) -> None:
    """Compile, write, and tell what was done. Everything that can be wrong with the command line is checked first."""
    started = time.perf_counter()
    target = load_target(request.target)
    output = Path(request.output or f"{Path(request.model).stem}.helio")
    check_output(output)
    if request.report:
        report_suffix(request.report)
    samples = read_npz(request.calibrate) if request.calibrate else None
    watcher.prepare()
    with progress("compiling"):
        unit = compile_unit(
            request.model,
            target,
            request.dims,
            samples,
            request.objective,
            request.fallback,
            request.overridable,
            pipeline=request.pipeline,
            stop_at=request.stop_at,
            read=watcher.read,
            observer=watcher,
        )
    watcher.finish()
    told = [d for d in unit.diagnostics.all if not d.code.startswith("HG20")]  # HG20xx: reasons, shown as coverage
    if told or link_warnings(target):
        print_diagnostics([*told, *link_warnings(target)])
    program = program_of(unit, request.model)
    write_output(program, output)
    if request.report:
        write_report(program, request.report)
    _summary(request, program, output, time.perf_counter() - started)


def check_output(output: Path) -> None:
    """Refuse, before any work, what could not be written after it. Raises HG1005, HG1304."""
    if output.suffix not in (".helio", ".mlir"):
        raise error("HG1304", f"output '{output}' is neither .helio nor .mlir", remedy="name it with one of the two")
    if output.is_dir():
        raise error("HG1005", f"'{output}' is a folder")
    if not output.parent.is_dir():
        raise error("HG1005", f"'{output}': there is no folder '{output.parent}'", remedy="create it first")


def write_output(program: Program, output: Path) -> None:
    """Write a program file or its text, by suffix."""
    if output.suffix == ".mlir":
        text = Sidecar(output.with_suffix(SUFFIX)).text(program.module, program.weights)
        write_atomically(output, text.encode())
    else:
        program.save(output)


def _summary(request: Request, program: Program, output: Path, seconds: float) -> None:
    size = amount(output.stat().st_size)
    click.echo(f"{request.model} -> {output}  ({program.target}, level {program.level}, {size}, {seconds:.1f} s)")
    for line in coverage_lines(program.module):
        click.echo(f"  {line}")
    if request.report:
        click.echo(f"  report written to {request.report}")
    if output.suffix == ".mlir" or program.level != "scheduled":
        click.echo(f"  next: heliograph inspect {output}")
        return
    ports = program.interface.inputs
    inputs = " ".join(f"--input {p.name}=@{p.name}.npy" for p in ports[:_MOST_INPUTS])
    inputs += f" ... ({len(ports)} inputs: heliograph inspect {output})" if len(ports) > _MOST_INPUTS else ""
    click.echo(f"  next: heliograph run {output} {inputs}")
    click.echo(f"        heliograph report {output}")
