"""Does what ``heliograph run`` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import click
import numpy as np

from heliograph.cli.arrays import Array, bindings, compare, native, read_npy, summary, write_npy
from heliograph.cli.inputs import read_input
from heliograph.cli.progress import progress
from heliograph.cli.tables import columns
from heliograph.ir.diagnostics import Diagnostics, error
from heliograph.ir.program import Port, Program, load_program
from heliograph.options import EngineName, Fidelity
from heliograph.ports import dtype_of, sizes_of
from heliograph.session import InferenceSession, RunStats


@dataclass(frozen=True)
class RunRequest:
    """The command line, as given."""

    program: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    expected: tuple[str, ...]
    rtol: float
    atol: float
    engine: str | None
    fidelity: str
    seed: int
    threads: int | None
    device: str | None
    stats: bool
    trace: str | None


def run_file(request: RunRequest) -> None:
    """Read everything, run, compare, write. Nothing is written unless all that was asked for could be read."""
    if request.rtol < 0 or request.atol < 0:
        raise error("HG1302", "--rtol and --atol are not negative")
    inputs = bindings(request.inputs, "--input")
    outputs = {name: _file(name, text, "--output") for name, text in bindings(request.outputs, "--output").items()}
    references = {name: _file(name, text, "--expect") for name, text in bindings(request.expected, "--expect").items()}
    program = load(request.program)
    ports = {p.name: p for p in program.interface.outputs}
    for name in (*outputs, *references):
        if name not in ports:
            raise error("HG1202", f"the program has no output '{name}'", remedy=f"outputs: {', '.join(ports)}")
    wanted = {name: native(read_npy(path), dtype_of(ports[name])) for name, path in references.items()}
    feeds = _feeds(program, inputs)
    for path in (*outputs.values(), *((request.trace,) if request.trace else ())):
        if not Path(path).parent.is_dir():
            raise error("HG1005", f"'{path}': there is no folder '{Path(path).parent}'", remedy="create it first")

    names = list(ports)
    with progress("running") as advance:
        session = InferenceSession(
            program,
            engine=cast("EngineName | None", request.engine),
            fidelity=cast("Fidelity", request.fidelity),
            seed=request.seed,
            threads=request.threads,
            device=request.device,
            progress=advance,
        )
        found = dict(zip(names, session.run(names, feeds), strict=True))
    for name, path in outputs.items():
        write_npy(path, np.asarray(found[name]))
    _tell(found, outputs)
    if request.stats:
        click.echo("\n".join(_stats(session.stats)))
    if request.trace:
        from heliograph.cli.reports import write_trace

        write_trace(program, request.trace, sizes_of(program.interface.inputs, feeds))
    _expect(found, wanted, request.rtol, request.atol)


def load(path: str) -> Program:
    """Load a program; a model given by mistake is answered with the command to compile it."""
    if Path(path).suffix == ".onnx":
        raise error("HG3001", f"'{path}' is a model, not a program", remedy=f"heliograph compile {path}")
    return load_program(path)


def _file(name: str, text: str, option: str) -> str:
    if not text.startswith("@") or len(text) < 2:
        raise error("HG1304", f"{option} {name}={text}: a file is named with @", remedy=f"{option} {name}=@{name}.npy")
    return text[1:]


def _feeds(program: Program, inputs: Mapping[str, str]) -> dict[str, Array]:
    ports: dict[str, Port] = {p.name: p for p in program.interface.inputs}
    return {name: read_input(ports.get(name), name, text) for name, text in inputs.items()}


def _tell(found: Mapping[str, Array], outputs: Mapping[str, str]) -> None:
    for name, array in found.items():
        if name in outputs:
            click.echo(f"{summary(name, np.asarray(array))}  -> {outputs[name]}")
        elif not outputs:
            click.echo(summary(name, np.asarray(array)))


def _stats(stats: RunStats) -> list[str]:
    engine, slow = stats.engine, stats.slow_nodes
    lines = [f"on light: {_calls(engine.calls)} of kernels, {engine.partial_sums:,} partial sums detected one by one"]
    if engine.fast_calls:
        lines.append(f"  {_calls(engine.fast_calls)} drew noise once per output")
    coarse, saturated = engine.exact_for_coarse_steps, engine.exact_for_saturation
    if coarse or saturated:
        lines.append(f"  left to exact fidelity: {_calls(coarse)} for coarse ADC steps, {saturated:,} for saturation")
    if engine.exact_for_size:
        lines.append(f"  left to exact fidelity: {_calls(engine.exact_for_size)} so small that it is as quick")
    for why, count in Counter(why for _, why in stats.single_contractions).most_common():
        some = "1 product" if count == 1 else f"{count} products"
        lines.append(f"  {some} not merged with the steps around: {why}")
    if not slow:
        return [*lines, "on electronics: all nodes ran on onnxruntime"]
    some = "1 node" if len(slow) == 1 else f"{len(slow)} nodes"
    lines.append(f"on electronics: {some} ran on ONNX's reference evaluator, 10 to 1000 times slower than onnxruntime")
    return [*lines, *columns([[s.node, s.op_type, s.why] for s in slow], indent="  ")]


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count:,} calls"


def _expect(found: Mapping[str, Array], wanted: Mapping[str, Array], rtol: float, atol: float) -> None:
    problems = Diagnostics()
    for name, reference in wanted.items():
        difference = compare(np.asarray(found[name]), reference, rtol, atol)
        if difference:
            problems.report("HG6001", f"output '{name}': {difference}")
        else:
            click.echo(f"{name}: as expected (rtol {rtol:g}, atol {atol:g})")
    problems.raise_if_errors()
