"""The steps of a block as closures, made once for given sizes.

A program may run hundreds of tiny steps, so whatever sizes alone decide is worked out when a step is made: strides,
shapes, keys of constants, which results may bind a size. What depends on a size that only the run finds (the count of
NonZero) is worked out in the step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from heliograph.ir.core import Op, Value
from heliograph.ir.diagnostics import HeliographError, error
from heliograph.ir.dialects import CONTROL
from heliograph.ir.reference.control import run_control
from heliograph.ir.weights import Array
from heliograph.runtime.access import Access, Binding, access_of, gather_bound, scatter_bound
from heliograph.runtime.cache import HeldCache, Recent
from heliograph.runtime.constants import Constants
from heliograph.runtime.electronics import Electronics
from heliograph.runtime.engines.call import Engine, HeldWeights, KernelCall
from heliograph.runtime.feeds import bind_results, bound_by, shape_of
from heliograph.runtime.frame import Frame
from heliograph.runtime.merging import Merged, Merging
from heliograph.runtime.program import BlockPlan, Plan, only_streamed
from heliograph.runtime.windows import Streamed, Window, WindowPlan

Run = Callable[[Frame], None]  # puts the results of an op into the frame
RunBody = Callable[[BlockPlan, Sequence[Any], Frame], list[Any]]
Measure = Callable[[KernelCall, Array | Streamed, Array, Array], None]  # call, inputs, weights, result
_KEPT = 64  # blocks by sizes


class Step(NamedTuple):
    """One op made ready, the values that nobody reads after it, and how many steps of the program it stands for."""

    run: Run
    op: Op
    dead: tuple[Value, ...]
    stands_for: int = 1


@dataclass(frozen=True)
class Steps:
    """Makes steps and keeps the most recent."""

    plan: Plan
    constants: Constants
    electronics: Electronics
    engine: Engine
    held: HeldCache
    measure: Measure | None  # is told of every product
    run_body: RunBody
    merging: Merging | None = None  # of steps that nobody looks at
    _made: Recent[tuple[Step, ...]] = field(default_factory=lambda: Recent(_KEPT))

    def block(self, block: BlockPlan, binding: Binding) -> tuple[Step, ...]:
        """The steps of a block whose sizes at its start are `binding`."""
        return self._made.get((id(block), *binding.items()), lambda: tuple(self._make(block, dict(binding))))

    def _make(self, block: BlockPlan, binding: Binding) -> list[Step]:
        steps = []
        streamed = only_streamed(block)
        for position, op in enumerate(block.steps):
            dead = block.dead_after.get(position, ())
            merged = self.merging.merged(op) if self.merging else None
            if merged is not None:
                steps.append(Step(self._merged(merged), op, dead, len(merged.run.steps.steps)))
                continue
            run = _gather(op, binding, op.result in streamed) if op.name == "tile.gather" else self._run(op, binding)
            if bound_by(op.results, binding):
                run = _binding_after(run, op)
            steps.append(Step(run, op, dead))
        return steps

    def _merged(self, merged: Merged) -> Run:
        """A run of steps at once, or one by one where that finds out what is wrong."""
        electronics, stats, results, calls = (
            self.electronics,
            self.engine.stats,
            merged.run.region.results,
            merged.run.calls,
        )

        def step(frame: Frame) -> None:
            values = merged.values(frame, electronics)
            if values is not None:
                frame.update(zip(results, values, strict=True))
                stats.calls += calls
                return
            for run, _, dead, _ in self.block(merged.run.steps, frame.binding):
                run(frame)
                for value in dead:
                    frame.pop(value, None)

        return step

    def _run(self, op: Op, binding: Binding) -> Run:
        if op.name == "electronic.region":
            return self._region(op)
        if op.name == "func.call":
            return self._call(op, binding)
        if op.name in CONTROL:
            return self._control(op)
        if op.name == "tile.scatter":
            return _scatter(op, binding, self.engine)
        if op.name == "sched.send":
            return _send(op)
        raise error("HG9001", f"no way to run '{op.name}'", node=op.loc)

    def _region(self, op: Op) -> Run:
        run, operands, results = self.electronics.run, op.operands, op.results

        def step(frame: Frame) -> None:
            frame.update(zip(results, run(op, [frame[v] for v in operands]), strict=True))

        return step

    def _control(self, op: Op) -> Run:
        blocks, run_body = self.plan.bodies[id(op)], self.run_body

        def step(frame: Frame) -> None:
            operands = [frame[v] for v in op.operands]
            results = run_control(op, operands, lambda number, args: run_body(blocks[number], args, frame))
            frame.update(zip(op.results, results, strict=True))

        return step

    def _call(self, op: Op, binding: Binding) -> Run:
        call, multiply, measure, result = self.plan.calls[id(op)], self.engine.multiply, self.measure, op.result
        inputs, weights = op.operands
        held_of = self._held(op, call, weights, binding)

        def step(frame: Frame) -> None:
            x = frame[inputs]
            frame[result] = y = multiply(call, x, held_of(frame))
            if measure is not None:
                measure(call, x, frame[weights], y)

        return step

    def _held(self, op: Op, call: KernelCall, weights: Value, binding: Binding) -> Callable[[Frame], HeldWeights]:
        """How to come by the prepared operand: kept where it is constant, made anew where it is not."""
        hold, get, constants = self.engine.hold, self.held.get, self.constants
        if weights not in constants:
            return lambda frame: hold(call, frame[weights])
        computed = constants.is_computed(weights)

        def make(frame: Frame) -> tuple[HeldWeights, int]:
            matrix: Array = frame[weights]
            held = hold(call, matrix)
            return held, held.nbytes + (matrix.nbytes if computed else 0)  # else it lies in the model's own weights

        if all(s in binding for s in constants.symbols(weights)):
            key = (id(op), constants.key(weights, binding))
            return lambda frame: get(key, lambda: make(frame))
        return lambda frame: get((id(op), constants.key(weights, frame.binding)), lambda: make(frame))


def _binding_after(run: Run, op: Op) -> Run:
    def step(frame: Frame) -> None:
        run(frame)
        bind_results(op.results, [frame[v] for v in op.results], frame.binding)

    return step


def _send(op: Op) -> Run:
    sent, result = op.operands[0], op.result

    def step(frame: Frame) -> None:
        frame[result] = frame[sent]

    return step


def _access(op: Op, binding: Binding) -> Access | None:
    """The bound map, when these sizes are all that it takes."""
    try:
        return access_of(op, binding)
    except KeyError:
        return None


def _shape_of_result(op: Op, binding: Binding) -> tuple[int, ...] | None:
    """None where a size is not known. Raises HG1203 for sizes below zero, as a small input of a convolution gives."""
    shape = shape_of(op.result, binding)
    if shape is not None and min(shape, default=0) < 0:
        raise _too_small(f"the result would have the shape {shape}", op)
    return shape


def _too_small(message: str, op: Op) -> HeliographError:
    return error("HG1203", message, node=op.loc, remedy="feed larger inputs: windows do not fit into these")


def _gather(op: Op, binding: Binding, streamed: bool) -> Run:
    """A matrix, or rows that are read from the tensor when asked for, where only calls read them."""
    source, result = op.operands[0], op.result
    known, wanted = _access(op, binding), shape_of(source, binding)
    plan = WindowPlan(known, wanted) if known is not None and wanted is not None else None

    def step(frame: Frame) -> None:
        tensor = frame[source]
        expected = shape_of(source, frame.binding) if wanted is None else wanted
        if expected is not None and expected != tensor.shape:
            message = f"a tensor of shape {tensor.shape} where the program expects {expected}"
            raise error("HG1203", message, node=op.loc)
        access = known or access_of(op, frame.binding)
        if tensor.size and not access.reached:
            raise _too_small(f"no window fits into {tensor.shape}", op)
        if streamed and not access.in_order:
            frame[result] = Window(tensor, plan or WindowPlan(access, tensor.shape))
        else:
            frame[result] = gather_bound(tensor, access)

    return step


def _scatter(op: Op, binding: Binding, engine: Engine) -> Run:
    source, result, combine = op.operands[0], op.result, str(op.attributes["combine"])
    known, wanted = _access(op, binding), _shape_of_result(op, binding)
    plan = WindowPlan(known, wanted) if known is not None and wanted is not None else None

    def step(frame: Frame) -> None:
        shape = _shape_of_result(op, frame.binding) if wanted is None else wanted
        if shape is None:
            raise error("HG9001", f"the size of the result {result.type} is not known", node=op.loc)
        if frame[source].size and 0 in shape:
            raise _too_small(f"the result would have the shape {shape}", op)
        access = known or access_of(op, frame.binding)
        if combine == "add" and access.walked is None:
            frame[result] = engine.fold(frame[source], plan or WindowPlan(access, shape))
        else:
            frame[result] = scatter_bound(frame[source], access, combine, shape)

    return step
