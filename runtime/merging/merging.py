"""The merged form of a program's blocks: found when it is loaded, with sessions when it is prepared or first run."""

from __future__ import annotations

import threading

import numpy as np

from heliograph.ir.core import Op
from heliograph.ir.dialects import CONTROL, WeightRef
from heliograph.ir.reference.literals import weight_array
from heliograph.ir.weights import Array, Weights
from heliograph.runtime.electronics import Electronics
from heliograph.runtime.merging.computed import Compute, with_computed
from heliograph.runtime.merging.contractions import Single
from heliograph.runtime.merging.merged import Merged
from heliograph.runtime.merging.proof import unproven
from heliograph.runtime.merging.runs import Merger, Run, binds
from heliograph.runtime.merging.window import is_padded
from heliograph.runtime.program import BlockPlan, Plan
from heliograph.runtime.quirks import Quirks

_LEAST_OPSET = 13  # from here on the axes of Squeeze and Unsqueeze are operands


class Merging:
    """Merged blocks of one program. Safe to share between threads.

    A session that onnxruntime refuses is tried again without the regions that it cannot run alone either; a run of
    which each part is fine but not the whole stays in single steps.
    """

    def __init__(self, plan: Plan, weights: Weights, compute: Compute) -> None:
        """`compute` gives the constants that regions compute, which `weights` of the instance then has too."""
        self._plan = plan
        sources, self.weights = with_computed(plan.sources, weights, compute)
        self._refused: dict[int, str] = {}  # ids of steps that must stay single, and why
        self._merger = Merger(sources, self._why_not)
        self._known: dict[int, tuple[BlockPlan, frozenset[str]]] = {}
        self._found: dict[int, tuple[BlockPlan, list[Run]]] = {}
        self._ready: dict[int, BlockPlan] = {}
        self._merged: dict[int, Merged] = {}
        self._lock = threading.Lock()
        self._enter(plan.main, frozenset())

    @staticmethod
    def suits(plan: Plan) -> bool:
        """Whether a program may be merged: its ops must be those of opset 13 or later."""
        opset = plan.opsets.get("onnx", plan.opsets.get("ai.onnx", 1))
        return isinstance(opset, int) and opset >= _LEAST_OPSET

    @property
    def single(self) -> tuple[Single, ...]:
        """Contractions that are not merged, as far as is known."""
        return tuple(self._merger.single.values())

    @property
    def regions(self) -> tuple[Op, ...]:
        """The regions that runs need: merged ones, those left alone, and those that compute constants."""
        steps = (op for block, _ in self._found.values() for op in block.steps)
        constant = (op for op in self._plan.regions if op.results and op.results[0] in self._plan.sources)
        return (*constant, *(op for op in steps if op.name == "electronic.region"))

    def block(self, block: BlockPlan, electronics: Electronics) -> BlockPlan:
        """A block with its runs merged and their sessions created."""
        ready = self._ready.get(id(block))
        if ready is not None:
            return ready
        with self._lock:
            while id(block) not in self._ready:
                merged, runs = self._found[id(block)]
                made = [m for run in runs if (m := self._start(run, electronics))]
                if len(made) == len(runs):
                    self._merged.update({id(m.run.region): m for m in made})
                    self._ready[id(block)] = merged
                    break
                for other in made:  # runs will be others
                    electronics.forget(other.region)
                self._found[id(block)] = self._merger.block(block, self._known[id(block)][1])
            return self._ready[id(block)]

    def merged(self, op: Op) -> Merged | None:
        """What runs a region that stands for several steps; None for any other op."""
        return self._merged.get(id(op))

    def prepare(self, electronics: Electronics) -> None:
        """Create the sessions that runs will use."""
        for block, _ in self._known.values():
            for op in self.block(block, electronics).steps:
                if op.name == "electronic.region" and id(op) not in self._merged:
                    electronics.prepare(op)

    def _enter(self, block: BlockPlan, known: frozenset[str]) -> None:
        """Merge a block and the bodies in it."""
        known |= {symbol for arg in block.args for symbol in binds(arg.type)}
        self._known[id(block)] = block, known
        self._found[id(block)] = self._merger.block(block, known)
        for op in block.steps:
            if op.name in CONTROL:
                for body in self._plan.bodies[id(op)]:
                    self._enter(body, known)

    def _start(self, run: Run, electronics: Electronics) -> Merged | None:
        """The run with its session; None, and its steps refused, when there is none."""
        if infinite := self._not_finite(run):
            self._refused.update(dict.fromkeys(infinite, "weights that are not finite under padding"))
            return None
        feeds = self._plan.main.args  # which were compared with their types
        merged = Merged.of(run, unproven(run, self._plan.opsets, self._lookup), feeds)
        if electronics.starts(merged.region):
            return merged
        regions = [op for op in run.steps.steps if op.name == "electronic.region"]
        lacking = [op for op in regions if not electronics.takes(op)]
        refused = (id(op) for op in lacking or run.steps.steps)
        self._refused.update(dict.fromkeys(refused, "onnxruntime does not take it"))
        return None

    def _not_finite(self, run: Run) -> list[int]:
        """Scatters of padded convolutions by such weights: zero times infinity must be NaN, as in single steps."""
        makers = {result: op for op in run.region.body.ops for result in op.results}
        found = []
        for step in run.steps.steps:
            conv = makers.get(run.exact[step.result]) if step.name == "tile.scatter" else None
            weight = makers.get(conv.operands[1]) if conv is not None and is_padded(conv) else None
            if weight is not None and weight.name == "helio.weight":
                with np.errstate(over="ignore", invalid="ignore"):
                    total = weight_array(weight, self.weights).sum()
                if not np.isfinite(total):
                    found.append(id(step))
        return found

    def _why_not(self, op: Op) -> str:
        if id(op) in self._refused or op.name != "electronic.region":
            return self._refused.get(id(op), "")
        quirks = Quirks(op, self._plan.opsets, self.weights)
        return next((why for inner in op.body.ops[:-1] if (why := quirks.why_not(inner))), "")

    def _lookup(self, ref: WeightRef) -> Array:
        return self.weights[ref.name]
