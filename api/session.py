"""`heliograph.InferenceSession`: a program behind onnxruntime's interface."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from heliograph.compiling import compile
from heliograph.hardware import target_of
from heliograph.ir.diagnostics import error
from heliograph.ir.program import Port, Program
from heliograph.ir.program.interface import defaults_of, main_function
from heliograph.loading import is_program_file, load
from heliograph.options import EngineName, Fidelity, check_options, kernel_cache_folder

if TYPE_CHECKING:
    import onnx

    from heliograph.runtime.engines import EngineStats
    from heliograph.runtime.merging import Single
    from heliograph.runtime.mixed import Slow

RUNNABLE = ("tiled", "scheduled")


@dataclass(frozen=True, slots=True)
class NodeArg:
    """An input or output, as onnxruntime describes it: shape entries are ints, names or None."""

    name: str
    type: str
    shape: list[int | str | None]


@dataclass(frozen=True, slots=True)
class RunStats:
    """What a session did: the optical engine, and the nodes that are slow because onnxruntime does not run them.

    `single_contractions` are those that the engine "ideal" computes step by step, and why it could not merge them.
    """

    engine: EngineStats
    slow_nodes: tuple[Slow, ...]
    single_contractions: tuple[Single, ...] = ()


class InferenceSession:
    """Runs a model on simulated light; a drop-in for ``onnxruntime.InferenceSession``.

    model: a path to an ``.onnx`` or ``.helio`` file, the bytes of an ONNX model, a ModelProto, or a Program.
    target: what an ONNX model is compiled for; a program keeps the target that it was compiled for.
    engine: "ideal" (exact arithmetic), "quantized" (converters only) or "noisy"; None takes "ideal" for ideal targets
        and "noisy" for all others.
    fidelity: "exact" draws noise for every detected partial sum, "fast" once per output.
    seed: key of the noise; equal seeds give equal outputs.
    threads: of each electronic region and of the engine; None takes what fits. Noise does not depend on it.
    device: a device of torch ("cuda") that engines "quantized" and "noisy" compute on; None is this processor.
    progress: told of every finished step of a run: how many are done, how many there are, and the node it came from.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | bytes | onnx.ModelProto | Program,
        target: str = "ideal",
        engine: EngineName | None = None,
        fidelity: Fidelity = "exact",
        seed: int = 0,
        *,
        threads: int | None = None,
        device: str | None = None,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> None:
        from heliograph.runtime import Executor

        check_options("noisy" if engine is None else engine, fidelity, seed, threads)
        self._program = _program(model, target)
        if self._program.level not in RUNNABLE:
            message = f"a program of level '{self._program.level}' cannot run"
            raise error("HG1104", message, remedy="compile the model without stopping early (--to)")
        self._defaults = frozenset(defaults_of(main_function(self._program.module)))
        hardware = target_of(self._program)
        self._executor = Executor(
            self._program.module,
            self._program.weights,
            target=hardware,
            engine=engine or ("ideal" if hardware.family == "ideal" else "noisy"),
            fidelity=fidelity,
            seed=seed,
            threads=threads,
            device=device,
            kernel_cache=kernel_cache_folder(),
            progress=None if progress is None else lambda done, steps, op: progress(done, steps, op.loc),
        )

    @property
    def program(self) -> Program:
        """The compiled program."""
        return self._program

    @property
    def stats(self) -> RunStats:
        """What the runs so far did."""
        executor = self._executor
        return RunStats(executor.engine_stats, executor.slow_nodes, executor.single_contractions)

    def get_inputs(self) -> list[NodeArg]:
        """The inputs that must be fed, in order."""
        return [_node_arg(p) for p in self._program.interface.inputs if p.name not in self._defaults]

    def get_overridable_initializers(self) -> list[NodeArg]:
        """The inputs that may be fed and have a default: those that the model was compiled with as `overridable`."""
        return [_node_arg(p) for p in self._program.interface.inputs if p.name in self._defaults]

    def get_outputs(self) -> list[NodeArg]:
        """The outputs, in order."""
        return [_node_arg(p) for p in self._program.interface.outputs]

    def run(
        self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any], run_options: Any = None
    ) -> list[np.ndarray[Any, Any]]:
        """Run once. `output_names` None or empty means all outputs; `run_options` is accepted and ignored.

        Raises HeliographError HG1202..HG1204 for feeds that do not fit and HG5001, HG5002 for failures of the run.
        """
        wanted = list(output_names or (p.name for p in self._program.interface.outputs))
        found = self._executor.run(input_feed, wanted)
        return [found[name] for name in wanted]


def _program(model: str | os.PathLike[str] | bytes | onnx.ModelProto | Program, target: str) -> Program:
    if isinstance(model, Program):
        return model
    if isinstance(model, str | os.PathLike) and is_program_file(model):
        return load(model)
    return compile(model, target)


def _node_arg(port: Port) -> NodeArg:
    return NodeArg(port.name, port.type, list(port.shape or ()))
