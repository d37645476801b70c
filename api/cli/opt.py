"""Does what ``heliograph opt`` says."""

from __future__ import annotations

from pathlib import Path

from heliograph.backends import load_target
from heliograph.cli.compile import check_output, write_output
from heliograph.cli.console import print_diagnostics
from heliograph.cli.irfile import TextWeights, read_ir
from heliograph.cli.observers import Watcher
from heliograph.compiler import Unit, parse_pipeline, run_pipeline
from heliograph.ir.levels import check
from heliograph.ir.program import make_program
from heliograph.ir.text import print_module

_DEFAULT_TARGET = "awgr8-28g"


def optimise(
    file: str, pipeline: str, target: str | None, weights: str | None, output: str | None, watcher: Watcher
) -> str | None:
    """Read, check, run the passes, check. Returns the text when no output file was asked for."""
    passes = parse_pipeline(pipeline)
    if output is not None:
        check_output(Path(output))
    module = read_ir(file)
    check(module)
    named = module.attributes.get("helio.target")
    hardware = load_target(target or (named if isinstance(named, str) and named else _DEFAULT_TARGET))
    watcher.prepare()
    folder = Path(weights) if weights else Path(file).parent
    unit = Unit(module, TextWeights(module, folder, Path(file).parent).weights(), hardware, module.sym_name)
    unit = run_pipeline(unit, passes, verify_each=True, observer=watcher)
    watcher.finish()
    if unit.diagnostics.all:
        print_diagnostics(unit.diagnostics.all)
    if output is None:
        return print_module(unit.module)
    program = make_program(
        unit.module,
        unit.weights,
        source_name=unit.source_name,
        target=hardware.spelling,
        target_fingerprint=hardware.fingerprint,
    )
    write_output(program, Path(output))
    return None
