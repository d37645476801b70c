"""Runs of steps that onnxruntime can do in one session, each as one electronic region.

A contraction (gathers, call, scatter) with a plain ONNX form, an electronic region and a send can be part of a run; all
else ends it. A step belongs to the earliest stage of its kind after all that it needs, so there are as few runs as
possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from heliograph.ir.core import Block, Op, Region, SymExpr, TensorType, Type, Value
from heliograph.ir.dialects import CONTROL, AccessMap, IterSpace, Work
from heliograph.runtime.feeds import plain_symbol
from heliograph.runtime.merging.body import Body
from heliograph.runtime.merging.contractions import Contraction, Finder, Single, read_by
from heliograph.runtime.merging.maps import NotPlainError
from heliograph.runtime.merging.product import as_product
from heliograph.runtime.merging.window import as_window
from heliograph.runtime.program import BlockPlan, liveness

WhyNot = Callable[[Op], str]  # why a step must stay single, empty when it need not


@dataclass(frozen=True)
class Run:
    """Steps done at once by `region`, and the same steps one by one.

    `read` are the tensors made in the run whose sizes contractions of the run rely on, `binding` those that may bind
    sizes, `exact` those whose sizes follow from what the contractions read; each with what stands for it in the region.
    """

    region: Op
    steps: BlockPlan
    calls: int
    read: Mapping[Value, Value]
    binding: Mapping[Value, Value]
    exact: Mapping[Value, Value]


@dataclass(frozen=True)
class _Unit:
    """Steps that stay together: a contraction, or a single step."""

    steps: tuple[Op, ...]
    contraction: Contraction | None
    mergeable: bool

    @property
    def results(self) -> list[Value]:
        """What others can read of it."""
        return [v for op in self.steps[-1:] for v in op.results]


@dataclass(frozen=True)
class Merger:
    """Merges the steps of blocks. `single` collects the contractions that stay as they are, by id of their scatter."""

    sources: Mapping[Value, Op]
    why_not: WhyNot
    single: dict[int, Single] = field(default_factory=dict)

    def block(self, block: BlockPlan, known: Collection[str]) -> tuple[BlockPlan, list[Run]]:
        """The block with a region instead of each run; `known` are the sizes that are bound at its start."""
        stages = _stages(self._units(block), known)
        readers: dict[Value, set[int]] = defaultdict(set)
        for at, units in stages.items():
            for value in (v for unit in units for op in unit.steps for v in read_by(op)):
                readers[value].add(at)
        for value in block.results:
            readers[value].add(-1)
        steps: list[Op] = []
        runs: list[Run] = []
        for at in sorted(stages):
            units = stages[at]
            if at % 2 == 0 and any(unit.contraction for unit in units):
                runs.append(self._run(units, {v for v, found in readers.items() if found - {at}}, known))
                steps.append(runs[-1].region)
            else:
                steps += [op for unit in units for op in unit.steps]
        return replace(block, steps=tuple(steps), dead_after=liveness(steps, block.results, block.args)), runs

    def _units(self, block: BlockPlan) -> list[_Unit]:
        """In the order of their last steps."""
        found: dict[int, Contraction] = {}
        inside: set[int] = set()
        finder = Finder(block, self.sources)
        for op in block.steps:
            if op.name == "tile.scatter":
                try:
                    if why := self.why_not(op):
                        raise NotPlainError(why)
                    contraction = finder.behind(op)
                    self._emit(contraction, Body(self.sources))
                except NotPlainError as problem:
                    self.single[id(op)] = Single(op.loc, str(problem))
                    continue
                found[id(op)] = contraction
                inside.update(id(step) for step in contraction.steps)
        units = []
        for op in block.steps:
            if id(op) in found:
                units.append(_Unit(found[id(op)].steps, found[id(op)], True))
            elif id(op) not in inside:
                units.append(_Unit((op,), None, self._is_mergeable(op)))
        return units

    def _is_mergeable(self, op: Op) -> bool:
        if op.name == "sched.send":
            return True
        return op.name == "electronic.region" and bool(op.results) and not self.why_not(op)

    def _emit(self, contraction: Contraction, body: Body) -> Value:
        body.loc = contraction.loc
        try:
            return as_window(contraction, body)
        except NotPlainError:
            if contraction.has_windows:
                raise
        return as_product(contraction, body, self.sources)

    def _run(self, units: Sequence[_Unit], read_later: Collection[Value], known: Collection[str]) -> Run:
        body = Body(self.sources)
        made: dict[Value, Value] = {}
        exact: dict[Value, Value] = {}
        wanted: dict[Value, None] = {}
        for unit in units:
            op = unit.steps[-1]
            if unit.contraction is not None:
                results = [exact.setdefault(op.result, self._emit(unit.contraction, body))]
                wanted.update(dict.fromkeys((unit.contraction.lhs.value, unit.contraction.rhs.value)))
            elif op.name == "sched.send":
                results = [body.value(op.operands[0])]
            else:
                results = body.include(op.body, op.operands)
            for outside, inside in zip(op.results, results, strict=True):
                body.stand_for(outside, inside)
                made[outside] = inside
        outputs = [v for v in made if v in read_later]
        steps = [op for unit in units for op in unit.steps]
        region = _region(body, {v: made[v] for v in outputs}, steps)
        return Run(
            region,
            BlockPlan((), tuple(steps), tuple(outputs), liveness(steps, outputs, ())),
            sum(unit.contraction is not None for unit in units),
            {v: made[v] for v in wanted if v in made and v not in exact},
            {v: inside for v, inside in made.items() if binds(v.type) - set(known)},
            exact,
        )


def binds(kind: Type) -> set[str]:
    """Sizes that a tensor of this type tells."""
    dims = kind.dims if isinstance(kind, TensorType) else None
    return {symbol for size in dims or () if size is not None and (symbol := plain_symbol(size))}


def _region(body: Body, yielded: Mapping[Value, Value], steps: Sequence[Op]) -> Op:
    """The region; its results are the very values that the steps would give."""
    work = Work()
    for op in steps:
        part, macs = op.attributes.get("work"), op.attributes.get("macs", 0)
        if op.name == "electronic.region" and isinstance(part, Work):
            work = work + part
        elif isinstance(macs, int | SymExpr):
            work = work + Work(macs=macs)
    block = Block(list(body.arguments.values()), [*body.ops, Op("electronic.yield", list(yielded.values()))])
    region = Op("electronic.region", list(body.arguments), (), {"why": "merged", "work": work}, [Region([block])])
    region.results, region.loc = list(yielded), steps[-1].loc
    return region


def _stages(units: Sequence[_Unit], known: Collection[str]) -> dict[int, list[_Unit]]:
    """Units by stage: runs in even ones, all else in odd ones."""
    ready: dict[Value, int] = {}
    bound: dict[str, int] = dict.fromkeys(known, 0)  # size -> stage of the step that binds it
    stages: dict[int, list[_Unit]] = defaultdict(list)
    for unit in units:
        at = max((ready.get(v, 0) for op in unit.steps for v in read_by(op)), default=0)
        at = max(at, max((bound.get(s, 0) for op in unit.steps for s in _mentions(op)), default=0))
        at += at % 2 != (not unit.mergeable)
        for value in unit.results:
            ready[value] = at
            for symbol in binds(value.type):
                bound.setdefault(symbol, at)
        stages[at].append(unit)
    return stages


def _mentions(op: Op) -> Iterator[str]:
    """Sizes that must be bound for a step to be done."""
    if op.name == "electronic.region":
        return
    space, index = op.attributes.get("space"), op.attributes.get("map")
    if isinstance(space, IterSpace):
        for size in space.axes().values():
            yield from size.symbols()
    if isinstance(index, AccessMap):
        yield from index.axes()
    for value in (*op.operands, *op.results):
        dims = value.type.dims if isinstance(value.type, TensorType) else None
        for dim in dims or ():
            if dim is not None:
                yield from dim.symbols()
    if op.name in CONTROL:
        for region in op.regions:
            for inner in region.block.ops:
                yield from _mentions(inner)
