"""`heliograph.compile`, and the way from a finished compilation to a program."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from heliograph.ir.diagnostics import Diagnostics
from heliograph.ir.program import Program, make_program

if TYPE_CHECKING:
    import numpy as np
    import onnx

    from heliograph.backends import Target
    from heliograph.compiler import Observer, Unit
    from heliograph.ir.sizes import Dim


def compile(
    model: str | os.PathLike[str] | bytes | onnx.ModelProto,
    target: str | Target = "awgr8-28g",
    *,
    dims: Mapping[str, Dim] | None = None,
    calibrate: Mapping[str, np.ndarray[Any, Any]] | None = None,
    objective: Literal["energy", "latency"] = "energy",
    fallback: Literal["electronic", "error"] = "electronic",
    overridable: Sequence[str] = (),
) -> Program:
    """Compile an ONNX model for a target.

    model: a path, the bytes of an ONNX file, or a ModelProto.
    target: as on the command line, ``NAME`` or ``NAME{key=value,...}``, or a loaded target.
    dims: sizes for symbolic dimensions of the inputs, or `SizeRange(least, typical, most)`; others stay symbolic.
    calibrate: example inputs, from which scales are chosen; without them scales are found at run time.
    objective: what a choice between equal programs favours.
    fallback: "error" refuses a model of which any contraction would run on electronics.
    overridable: inputs that have an initializer and may be fed all the same; what is not fed takes the initializer.
        Such inputs are constants otherwise, which light holds and which the compiler optimises.

    Raises HeliographError with every problem found.
    """
    from heliograph.backends import load_target

    hardware = load_target(target) if isinstance(target, str) else target
    source = os.fspath(model) if isinstance(model, os.PathLike) else model
    return program_of(compile_unit(source, hardware, dims, calibrate, objective, fallback, overridable), source)


def compile_unit(
    model: str | bytes | onnx.ModelProto,
    target: Target,
    dims: Mapping[str, Dim] | None = None,
    samples: Mapping[str, np.ndarray[Any, Any]] | None = None,
    objective: str = "energy",
    fallback: str = "electronic",
    overridable: Sequence[str] = (),
    *,
    pipeline: str | None = None,
    stop_at: str | None = None,
    read: Callable[[Unit, float], None] | None = None,
    observer: Observer | None = None,
) -> Unit:
    """Read a model and run the passes; `read` is told of the graph level and its seconds, `observer` of each pass."""
    from heliograph.compiler import compile_model, default_pipeline, parse_pipeline, run_pipeline

    passes = default_pipeline(fallback, objective) if pipeline is None else parse_pipeline(pipeline)
    started = time.perf_counter()
    unit = compile_model(model, target, dims=dims, overridable=overridable, stop_at="graph")
    if read is not None:
        read(unit, time.perf_counter() - started)
    check_external_data(unit)
    if samples is not None:
        from heliograph.calibration import calibrate

        unit = calibrate(unit, samples)
    return run_pipeline(unit, passes, stop_at=stop_at, observer=observer)


def check_external_data(unit: Unit) -> None:
    """Raise HG1003 for every weight whose data file is absent or too short; no weight is read."""
    problems = Diagnostics()
    remedy = "put the model's external data files beside it"
    sizes: dict[Path, int] = {}
    for name in unit.weights:
        source = unit.weights.source(name)
        if source.path is None:
            continue
        path = Path(source.path)
        if path not in sizes:
            sizes[path] = path.stat().st_size if path.is_file() else -1
            if sizes[path] < 0:
                problems.report("HG1003", f"there is no file '{path}', which should hold weights", remedy=remedy)
        if 0 <= sizes[path] < source.offset + source.nbytes:
            end = source.offset + source.nbytes
            problems.report(
                "HG1003", f"weight '{name}' ends at byte {end} of '{path}', which has {sizes[path]}", remedy=remedy
            )
    problems.raise_if_errors()


def program_of(unit: Unit, model: str | bytes | onnx.ModelProto) -> Program:
    """The program of a finished compilation of `model`."""
    name, digest = "", ""
    if isinstance(model, str):
        name = Path(model).name
        with open(model, "rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    elif isinstance(model, bytes):
        digest = hashlib.sha256(model).hexdigest()
    return make_program(
        unit.module,
        unit.weights,
        source_name=name or unit.source_name,
        source_sha256=digest,
        target=unit.target.spelling,
        target_fingerprint=unit.target.fingerprint,
    )
