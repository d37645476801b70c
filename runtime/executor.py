"""Runs a compiled module op by op: regions on onnxruntime, kernels on an engine, data movement in numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heliograph.ir.core import Op, Value
from heliograph.ir.diagnostics import error
from heliograph.ir.reference.literals import weight_array
from heliograph.ir.weights import Array, Weights
from heliograph.runtime.cache import HeldCache, Recent
from heliograph.runtime.constants import Constants
from heliograph.runtime.electronics import Electronics
from heliograph.runtime.engines import (
    EngineName,
    EngineStats,
    Fidelity,
    NoiseOf,
    exact_product,
)
from heliograph.runtime.engines.call import KernelCall
from heliograph.runtime.feeds import bind_results, check_feeds, signature
from heliograph.runtime.frame import Frame
from heliograph.runtime.merging import Merging, Single
from heliograph.runtime.mixed import Slow
from heliograph.runtime.program import BlockPlan, read_plan
from heliograph.runtime.selection import open_engine
from heliograph.runtime.stats import LayerStats
from heliograph.runtime.steps import Steps
from heliograph.runtime.windows import Streamed, whole

if TYPE_CHECKING:
    from heliograph.backends import Target

Observer = Callable[[Op, str, Any], None]  # op, name of the result, its value
Progress = Callable[[int, int, Op], None]  # steps done, steps in all, the step just done
HELD_BYTES = 1 << 30
_SIGNATURES = 64


class Executor:
    """A module ready to run. Sessions and quantized weights are made at first use and kept.

    `target` is one or its spelling (default: the module's own); only engine "noisy" asks it, for its noise, and
    `noise_of` replaces that answer. `threads` is per electronic region and of the engine; `device` is one of torch for
    the engine, `kernel_cache` a folder for its compiled kernels, see `open_engine`. One executor may be used from
    several threads as long as no observer is set and SNR is not measured.
    """

    def __init__(
        self,
        module: Op,
        weights: Weights,
        *,
        target: str | Target | None = None,
        engine: EngineName = "ideal",
        fidelity: Fidelity = "exact",
        seed: int = 0,
        threads: int | None = None,
        device: str | None = None,
        noise_of: NoiseOf | None = None,
        observer: Observer | None = None,
        progress: Progress | None = None,
        measure_snr: bool = False,
        held_bytes: int = HELD_BYTES,
        kernel_cache: Path | None = None,
    ) -> None:
        self._plan = read_plan(module)
        self._weights = weights
        self._engine = open_engine(
            engine,
            target or str(module.attributes.get("helio.target", "")),
            fidelity=fidelity,
            seed=seed,
            threads=threads,
            device=device,
            kernel_cache=kernel_cache,
            noise_of=noise_of,
        )
        typical = {name: size.typical for name, size in self._plan.ranges.items()}
        hidden = engine == "ideal" and observer is None and not measure_snr
        self._merging: Merging | None = None
        regions, known = self._plan.regions, weights
        if hidden and Merging.suits(self._plan):
            self._merging = Merging(self._plan, weights, lambda value: self._constants.compute(value))
            regions, known = self._merging.regions, self._merging.weights
        self._electronics = Electronics(known, self._plan.opsets, regions, threads=threads, sizes=typical)
        self._held = HeldCache(held_bytes)
        self._constants = Constants(self._plan.sources, weights, self._electronics, self._held)
        self._fitting: Recent[dict[str, int]] = Recent(_SIGNATURES)  # signature of feeds -> sizes
        self._steps = Steps(
            self._plan,
            self._constants,
            self._electronics,
            self._engine,
            self._held,
            self._measure if measure_snr else None,
            self._run_body,
            self._merging,
        )
        self.observer = observer
        self.progress = progress
        self.layer_stats: dict[int, LayerStats] = {}

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the model's inputs."""
        return self._plan.inputs

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the model's outputs."""
        return self._plan.outputs

    @property
    def engine_stats(self) -> EngineStats:
        """What the engine did so far."""
        return self._engine.stats

    @property
    def slow_nodes(self) -> tuple[Slow, ...]:
        """Nodes that ran on ONNX's reference evaluator so far, because onnxruntime cannot or must not run them."""
        return self._electronics.slow

    @property
    def sessions(self) -> int:
        """How many electronic regions, runs of merged steps among them, are ready to run."""
        return self._electronics.sessions

    @property
    def single_contractions(self) -> tuple[Single, ...]:
        """Contractions that runs of steps do without, and why; none where no steps are merged at all."""
        return self._merging.single if self._merging is not None else ()

    def constant(self, value: Value) -> Any:
        """The value of a constant of the program whose size does not vary, as observers may want it."""
        return self._constants.value(value, {})

    def prepare(self) -> None:
        """Create all sessions now instead of during the first run."""
        if self._merging is not None and self.observer is None:
            self._merging.prepare(self._electronics)
            return
        for region in self._plan.regions:
            self._electronics.prepare(region)

    def run(self, feeds: Mapping[str, Any], output_names: Sequence[str] | None = None) -> dict[str, Any]:
        """Outputs by name. Raises HeliographError: HG1202-HG1204 for feeds, HG5001 and HG5002 while running."""
        plan = self._plan
        wanted = plan.outputs if output_names is None else tuple(output_names)
        for name in wanted:
            if name not in plan.outputs:
                raise error("HG1202", f"no output '{name}'; there are: {', '.join(plan.outputs)}")
        values, binding = self._check({**self._defaults(feeds), **feeds} if plan.defaults else feeds)
        frame = Frame(values, binding, self._constants)
        self._run_block(plan.main, frame, self.progress)
        named = dict(zip(plan.outputs, plan.main.results, strict=True))
        return {name: frame[named[name]] for name in wanted}

    def _defaults(self, feeds: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the inputs that may be left out and are."""
        return {name: weight_array(op, self._weights) for name, op in self._plan.defaults.items() if name not in feeds}

    def _check(self, feeds: Mapping[str, Any]) -> tuple[dict[Value, Any], dict[str, int]]:
        """As `check_feeds`; feeds like earlier ones are not looked at again."""
        plan = self._plan
        args = plan.main.args

        def check() -> tuple[dict[Value, Any], dict[str, int]]:
            return check_feeds(plan.inputs, args, feeds, plan.ranges, plan.constant_inputs)

        like = signature(feeds)
        if like is None:
            return check()
        binding = self._fitting.get(like, lambda: check()[1])
        return {arg: feeds[name] for name, arg in zip(plan.inputs, args, strict=True)}, dict(binding)

    def _run_block(self, block: BlockPlan, frame: Frame, progress: Progress | None = None) -> None:
        """Run the steps of a block; values nobody reads later are dropped."""
        total = len(block.steps)
        if self._merging is not None and self.observer is None:
            block = self._merging.block(block, self._electronics)
        steps = self._steps.block(block, frame.binding)
        if self.observer is None and progress is None:
            for run, _, dead, _ in steps:
                run(frame)
                for value in dead:
                    frame.pop(value, None)
            return
        done = 0
        for run, op, dead, count in steps:
            run(frame)
            done += count
            if self.observer is not None:
                for result in op.results:
                    self.observer(op, result.name, whole(frame[result]))
            for value in dead:
                frame.pop(value, None)
            if progress is not None:
                progress(done, total, op)

    def _run_body(self, block: BlockPlan, args: Sequence[Any], outer: Frame) -> list[Any]:
        """Run a body once; its sizes are its own, since they may differ from trip to trip."""
        binding = dict(outer.binding)
        bind_results(block.args, args, binding)
        frame = outer.inner(dict(zip(block.args, args, strict=True)), binding)
        self._run_block(block, frame)
        return [frame[v] for v in block.results]

    def _measure(self, call: KernelCall, inputs: Array | Streamed, weights: Array, result: Array) -> None:
        stats = self.layer_stats.setdefault(call.layer, LayerStats(call.layer, call.name))
        stats.add(exact_product(whole(inputs), weights), result)
