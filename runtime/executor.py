"""Runs a compiled module op by op: regions on onnxruntime, kernels on an engine, data movement in numpy."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heliograph.ir.core import Op, TensorType, Value
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import CONTROL, AccessMap, IterSpace
from heliograph.ir.reference.control import run_control
from heliograph.ir.reference.literals import weight_array
from heliograph.ir.weights import Array, Weights
from heliograph.runtime.access import gather, scatter
from heliograph.runtime.cache import HeldCache
from heliograph.runtime.electronics import Electronics
from heliograph.runtime.engines import (
    EngineName,
    EngineStats,
    Fidelity,
    NoiseOf,
    exact_product,
    make_engine,
    target_noise,
)
from heliograph.runtime.engines.call import HeldWeights
from heliograph.runtime.feeds import bind_results, check_feeds
from heliograph.runtime.program import BlockPlan, Plan, read_plan, size_symbols
from heliograph.runtime.stats import LayerStats

if TYPE_CHECKING:
    from heliograph.backends import Target

Observer = Callable[[Op, str, Any], None]  # op, name of the result, its value
Progress = Callable[[int, int, Op], None]  # steps done, steps in all, the step just done
HELD_BYTES = 1 << 30


class Executor:
    """A module ready to run. Sessions and quantized weights are made at first use and kept.

    `target` is one or its spelling (default: the module's own); only engine "noisy" asks it, for its noise, and
    `noise_of` replaces that answer. `threads` is per electronic region. One executor may be used from several threads
    as long as no observer is set and SNR is not measured.
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
        noise_of: NoiseOf | None = None,
        observer: Observer | None = None,
        progress: Progress | None = None,
        measure_snr: bool = False,
        held_bytes: int = HELD_BYTES,
    ) -> None:
        self._plan = read_plan(module)
        self._weights = weights
        if engine == "noisy" and noise_of is None:
            noise_of = target_noise(target or str(module.attributes.get("helio.target", "")))
        self._engine = make_engine(engine, noise_of=noise_of, fidelity=fidelity, seed=seed)
        self._electronics = Electronics(weights, self._plan.opsets, self._plan.regions, threads=threads)
        self._held = HeldCache(held_bytes)
        self._measure_snr = measure_snr
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

    def prepare(self) -> None:
        """Create all sessions now instead of during the first run."""
        for region in self._plan.regions:
            self._electronics.prepare(region)

    def run(self, feeds: Mapping[str, Any], output_names: Sequence[str] | None = None) -> dict[str, Any]:
        """Outputs by name. Raises HeliographError: HG1202-HG1204 for feeds, HG5001 and HG5002 while running."""
        plan = self._plan
        wanted = plan.outputs if output_names is None else tuple(output_names)
        for name in wanted:
            if name not in plan.outputs:
                raise error("HG1202", f"no output '{name}'; there are: {', '.join(plan.outputs)}")
        values, binding = check_feeds(plan.inputs, plan.main.args, feeds, plan.ranges)
        run = _Run(self, plan, values, binding)
        run.block(plan.main, progress=self.progress)
        named = dict(zip(plan.outputs, plan.main.results, strict=True))
        return {name: run.value(named[name]) for name in wanted}

    def _multiply(self, op: Op, run: _Run) -> Array:
        call = self._plan.calls[id(op)]
        inputs, weights = op.operands
        x: Array = run.value(inputs)

        def hold() -> HeldWeights:
            return self._engine.hold(call, run.value(weights))

        key = run.constant_key(weights)
        held = hold() if key is None else self._held.get((id(op), key), hold)
        result = self._engine.multiply(call, x, held)
        if self._measure_snr:
            stats = self.layer_stats.setdefault(call.layer, LayerStats(call.layer, call.name))
            stats.add(exact_product(x, run.value(weights)), result)
        return result


class _Run:
    """Values and sizes of one run."""

    def __init__(
        self,
        owner: Executor,
        plan: Plan,
        values: dict[Value, Any],
        binding: dict[str, int],
        outer: _Run | None = None,
    ) -> None:
        self._owner, self._plan, self._values, self._binding = owner, plan, values, binding
        self._outer = outer

    def block(self, block: BlockPlan, *, progress: Progress | None = None) -> None:
        """Run the steps of a block; values nobody reads later are dropped."""
        owner = self._owner
        for position, op in enumerate(block.steps):
            results = self.step(op)
            bind_results(op.results, results, self._binding)
            self._values.update(zip(op.results, results, strict=True))
            if owner.observer is not None:
                for result, value in zip(op.results, results, strict=True):
                    owner.observer(op, result.name, value)
            for dead in block.dead_after.get(position, ()):
                self._values.pop(dead, None)
            if progress is not None:
                progress(position + 1, len(block.steps), op)

    def _body(self, block: BlockPlan, args: Sequence[Any]) -> list[Any]:
        """Run a body once; its sizes are its own, since they may differ from trip to trip."""
        binding = dict(self._binding)
        bind_results(block.args, args, binding)
        inner = _Run(self._owner, self._plan, dict(zip(block.args, args, strict=True)), binding, self)
        inner.block(block)
        return [inner.value(v) for v in block.results]

    def value(self, value: Value) -> Any:
        """A value that was computed, or a constant, which is read (not copied) whenever it is asked for."""
        if value in self._values:
            return self._values[value]
        if self._outer is not None and value not in self._plan.sources:
            return self._outer.value(value)
        op = self._plan.sources[value]
        if op.name == "helio.weight":
            return weight_array(op, self._owner._weights)
        if op.name == "helio.none":
            return None
        return self.step(op)[0]

    def constant_key(self, value: Value) -> Hashable:
        """What a constant depends on in this run; None for values that are not constant."""
        if value not in self._plan.sources:
            return None
        symbols = sorted(size_symbols(self._plan.sources[value], self._plan.sources))
        return tuple(self._binding[s] for s in symbols)

    def step(self, op: Op) -> list[Any]:
        """Results of one op."""
        if op.name == "electronic.region":
            return self._owner._electronics.run(op, [self.value(v) for v in op.operands])
        if op.name == "func.call":
            return [self._owner._multiply(op, self)]
        if op.name in CONTROL:
            blocks = self._plan.bodies[id(op)]
            operands = [self.value(v) for v in op.operands]
            return run_control(op, operands, lambda number, args: self._body(blocks[number], args))
        if op.name == "tile.gather":
            return [self._gather(op)]
        if op.name == "tile.scatter":
            return [self._scatter(op)]
        if op.name == "sched.send":
            return [self.value(op.operands[0])]
        raise error("HG9001", f"no way to run '{op.name}'", node=op.loc)

    def _gather(self, op: Op) -> Array:
        space, index, role = op.attributes["space"], op.attributes["map"], op.attributes["role"]
        assert isinstance(space, IterSpace)
        assert isinstance(index, AccessMap)
        tensor = self.value(op.operands[0])
        expected = self._shape(op.operands[0])
        if expected is not None and expected != tensor.shape:
            raise error("HG1203", f"a tensor of shape {tensor.shape} where the program expects {expected}", node=op.loc)
        return gather(tensor, space, index, str(role), self._binding)

    def _scatter(self, op: Op) -> Array:
        space, index = op.attributes["space"], op.attributes["map"]
        assert isinstance(space, IterSpace)
        assert isinstance(index, AccessMap)
        shape = self._shape(op.result)
        if shape is None:
            raise error("HG9001", f"the size of the result {op.result.type} is not known", node=op.loc)
        matrix = self.value(op.operands[0])
        return scatter(matrix, space, index, str(op.attributes["combine"]), shape, self._binding)

    def _shape(self, value: Value) -> tuple[int, ...] | None:
        shape = value.type.shape if isinstance(value.type, TensorType) else None
        if shape is None or any(not s.symbols() <= self._binding.keys() for s in shape):
            return None
        return tuple(s.evaluate(self._binding) for s in shape)
