"""Does what ``heliograph check`` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

import click
import numpy as np

from heliograph.backends import load_target
from heliograph.cli.arrays import Array, bindings, compare
from heliograph.cli.inputs import read_input
from heliograph.cli.reference import Reference, draw_inputs
from heliograph.cli.tables import columns
from heliograph.compiling import compile_unit, program_of
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import error
from heliograph.ir.program import Program
from heliograph.runtime import Executor


@dataclass(frozen=True)
class CheckRequest:
    """The command line, read."""

    model: str
    target: str
    dims: dict[str, int]
    inputs: tuple[str, ...]
    rtol: float
    atol: float
    engine: str | None
    fidelity: str
    seed: int


def check_model(request: CheckRequest) -> None:
    """Exact arithmetic against onnxruntime first, then the engine asked for against exact arithmetic."""
    target = load_target(request.target)
    texts = bindings(request.inputs, "--input")
    program = program_of(compile_unit(request.model, target, request.dims), request.model)
    ports = {p.name: p for p in program.interface.inputs}
    given = {name: read_input(ports.get(name), name, text) for name, text in texts.items()}
    feeds = {**given, **draw_inputs(program.interface.inputs, given, request.seed)}
    exact = _compare_values(request, program, feeds)
    engine = request.engine or ("ideal" if target.family == "ideal" else "noisy")
    executor = Executor(
        program.module,
        program.weights,
        target=target,
        engine=cast(Literal["ideal", "quantized", "noisy"], engine),
        fidelity=cast(Literal["exact", "fast"], request.fidelity),
        seed=request.seed,
        measure_snr=True,
    )
    found = executor.run(feeds)
    click.echo(f"engine {engine} on {target.spelling}, seed {request.seed}: signal to noise of each layer on light")
    if not executor.layer_stats:
        click.echo("  no layer is on light")
    rows = [[str(s.layer), s.name, f"{s.snr_db:.1f} dB"] for s in executor.layer_stats.values()]
    for line in columns(rows, right=(0, 2), indent="  "):
        click.echo(line)
    for name, value in found.items():
        click.echo(f"  output {name}: {_distance(value, exact[name])}")


def _compare_values(request: CheckRequest, program: Program, feeds: dict[str, Array]) -> dict[str, Any]:
    """Every value that the program shares with the model, in the program's order. Raises HG6001 at the first gap."""
    reference = Reference(request.model)
    seen: list[tuple[str, str, Any]] = []

    def keep(op: Op, name: str, value: Any) -> None:
        if name in reference.values:
            seen.append(("on light" if op.name.startswith("tile.") else "on electronics", name, value))

    executor = Executor(program.module, program.weights, engine="ideal", observer=keep)
    outputs = executor.run(feeds)
    names = list(dict.fromkeys([*(name for _, name, _ in seen), *outputs]))
    wanted = reference.run(feeds, names)
    for place, name, value in [*seen, *(("the program's output", n, v) for n, v in outputs.items())]:
        difference = _difference(value, wanted[name], request)
        if difference:
            node = reference.values.get(name)
            raise error(
                "HG6001",
                f"value '{name}' ({place}) is the first that differs from onnxruntime: {difference}",
                node=(node.name or name) if node else name,
                op_type=node.op_type if node else "",
            )
    click.echo(
        f"exact arithmetic: {len(names)} values agree with onnxruntime (rtol {request.rtol:g}, atol {request.atol:g})"
    )
    return outputs


def _difference(value: Any, wanted: Any, request: CheckRequest) -> str | None:
    if not isinstance(value, np.ndarray) or not isinstance(wanted, np.ndarray):
        return None  # sequences and optionals are compared through the tensors made from them
    return compare(value, wanted, request.rtol, request.atol)


def _distance(value: Any, exact: Any) -> str:
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu" or not value.size:
        return "same" if np.array_equal(value, exact) else "differs"
    a, b = value.astype(np.float64), exact.astype(np.float64)
    if a.shape != b.shape:
        return f"shape {list(a.shape)}, exact {list(b.shape)}"
    power, rms = float(np.sqrt(np.mean(b**2))), float(np.sqrt(np.mean((a - b) ** 2)))
    snr = f", {20 * np.log10(power / rms):.1f} dB" if power and rms else ""
    return f"rms difference from exact {rms:.4g}{snr}, largest {np.abs(a - b).max():.4g}"
