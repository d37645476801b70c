"""Does what ``heliograph inspect`` says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from heliograph.cli.irfile import read_ir
from heliograph.cli.tables import amount, columns
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import error
from heliograph.ir.levels import check, level_of
from heliograph.ir.program import Program
from heliograph.ir.program.interface import defaults_of, main_function
from heliograph.ir.text import print_module
from heliograph.loading import is_program_file, load
from heliograph.ports import describe

SCHEMA = "heliograph.inspect/1"


def inspect_file(file: str, level: str | None, target: str, as_json: bool) -> str:
    """What there is to see in a file, by its kind."""
    if is_program_file(file):
        return _program(load(file), file, level, as_json)
    if Path(file).suffix == ".mlir":
        return _ir(file, level, as_json)
    return _model(file, level, target, as_json)


def _model(file: str, level: str | None, target: str, as_json: bool) -> str:
    if level is not None:
        from heliograph.backends import load_target
        from heliograph.compiler import compile_model

        return print_module(compile_model(file, load_target(target), stop_at=level).module)
    from heliograph.cli.inspect_model import model_facts, model_text

    facts = model_facts(file)
    return _json({"kind": "model", **facts}) if as_json else model_text(facts)


def _ir(file: str, level: str | None, as_json: bool) -> str:
    module = read_ir(file)
    check(module)
    found = level_of(module)
    if level is not None and level != found:
        raise error(
            "HG1104", f"'{file}' is of level {found}, not {level}", remedy="`heliograph opt` runs passes over it"
        )
    if not as_json:
        return print_module(module)
    return _json({"kind": "ir", "file": file, "level": found, "ops": _count(module)})


def _program(program: Program, file: str, level: str | None, as_json: bool) -> str:
    if level is not None:
        if level != program.level:
            remedy = f"a program holds its last level only; compile the model with --to {level}, or with --dump DIR"
            raise error("HG1104", f"'{file}' holds level {program.level}, not {level}", remedy=remedy)
        return print_module(program.module)
    if as_json:
        import msgspec

        return _json({"kind": "program", "file": file, "manifest": msgspec.to_builtins(program.manifest)})
    manifest = program.manifest
    embedded = [w for w in manifest.weights.values() if w.file is None]
    outside = len(manifest.weights) - len(embedded)
    optional = defaults_of(main_function(program.module))
    rows = [
        ["model", f"{manifest.source.name}  sha256 {manifest.source.sha256[:16] or '(no file)'}"],
        ["target", f"{manifest.target.spelling}  fingerprint {manifest.target.fingerprint[:16]}"],
        ["level", manifest.level],
        ["written by", manifest.producer],
        *[
            ["input", describe(p) + (", may be left out" if p.name in optional else "")]
            for p in manifest.interface.inputs
        ],
        *[["output", describe(p)] for p in manifest.interface.outputs],
        ["weights", f"{len(embedded)} embedded, {amount(sum(w.nbytes for w in embedded))}; {outside} outside"],
        *[["weight file", f"{f.path}  {amount(f.size)}"] for f in manifest.files],
        *[["entry", f"{e.name}  {amount(e.size)}  sha256 {e.sha256[:16]}"] for e in manifest.entries],
    ]
    lines = [f"{file}: a compiled program", *columns(rows, indent="  "), "  ops"]
    lines += columns([[str(n), name] for name, n in _count(program.module).items()], right=(0,), indent="    ")
    return "\n".join(lines)


def _count(module: Op) -> dict[str, int]:
    from collections import Counter

    from heliograph.ir.core import walk

    return dict(Counter(op.name for op in walk(module)).most_common())


def _json(data: dict[str, Any]) -> str:
    return json.dumps({"schema": SCHEMA, **data}, indent=1)
