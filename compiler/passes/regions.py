"""Group placed ops into alternating electronic regions and contractions.

Every op gets a stage: one more than the latest contraction it depends on. All electronic ops of one stage can run
together, after the contractions of the stage before and before those of their own, so each stage has one region.
That is the fewest regions possible: two ops of different stages have a contraction between them on some path.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heliograph.compiler.analysis.work import total, work_of
from heliograph.ir.core import Block, Op, Region, Value, walk

_LEAVES = ("helio.weight", "helio.none")


@dataclass(frozen=True)
class Placed:
    """An op and where it runs; `why` says why it does not run on light."""

    op: Op
    on_light: bool
    why: str


def free_values(op: Op) -> list[Value]:
    """Values that an op uses, its nested ops included, and that are defined outside of it."""
    inside = {v for inner in walk(op) for region in inner.regions for b in region.blocks for v in b.args}
    inside |= {r for inner in walk(op) for r in inner.results}
    used = dict.fromkeys(v for inner in walk(op) for v in inner.operands)
    return [v for v in used if v not in inside]


def build_regions(
    placed: Sequence[Placed], results: Sequence[Value], leaves: Mapping[Value, Op]
) -> tuple[list[Op], list[Value]]:
    """Ops of the partitioned level in an executable order, and the values that stand for `results`.

    `leaves` are all weights in sight, those of enclosing blocks included; regions hold copies of the ones they use.
    """
    own = [p.op for p in placed if p.op.name in _LEAVES]
    stage: dict[Value, int] = {}
    stages: dict[int, list[Placed]] = defaultdict(list)
    for item in placed:
        if item.op.name in _LEAVES:
            continue
        at = max((stage.get(v, 0) for v in free_values(item.op)), default=0)
        stages[at].append(item)
        stage.update(dict.fromkeys(item.op.results, at + 1 if item.on_light else at))

    used_in = _uses(stages, results)
    outer_leaves = {v for p in placed if p.on_light for v in free_values(p.op)} | set(results)
    ops = [op for op in own if op.result in outer_leaves]
    replaced: dict[Value, Value] = {}
    for at in sorted(stages):
        electronic = [p for p in stages[at] if not p.on_light]
        if electronic:
            made = {v for p in electronic for v in p.op.results}
            ops.append(_region(electronic, leaves, replaced, {v for v in made if used_in.get(v, set()) - {at}}))
        for item in stages[at]:
            if item.on_light:
                for inner in walk(item.op):  # also uses inside bodies of control flow
                    inner.operands = [replaced.get(v, v) for v in inner.operands]
                ops.append(item.op)
    return ops, [replaced.get(v, v) for v in results]


def _uses(stages: dict[int, list[Placed]], results: Sequence[Value]) -> dict[Value, set[int]]:
    """For each value, the stages whose region reads it; -1 stands for contractions and the function's results."""
    used: dict[Value, set[int]] = defaultdict(set)
    for at, items in stages.items():
        for item in items:
            for value in free_values(item.op):
                used[value].add(-1 if item.on_light else at)
    for value in results:
        used[value].add(-1)
    return used


def _region(
    items: list[Placed], leaves: Mapping[Value, Op], replaced: dict[Value, Value], read_outside: set[Value]
) -> Op:
    """One electronic region; its results replace the values of its ops that are read outside of it."""
    produced = {v for p in items for v in p.op.results}
    inputs: dict[Value, Value] = {}
    body: list[Op] = []
    mapping: dict[Value, Value] = {}
    for item in items:
        for value in free_values(item.op):
            if value in produced or value in mapping:
                continue
            if value in leaves:
                body.append(leaves[value].clone(mapping))
            else:
                outer = replaced.get(value, value)
                inputs[outer] = mapping[value] = Value(value.type, value.name)
        body.append(item.op.clone(mapping))
    outputs = [v for p in items for v in p.op.results if v in read_outside]
    body.append(Op("electronic.yield", [mapping[v] for v in outputs]))
    region = Op(
        "electronic.region",
        list(inputs),
        [v.type for v in outputs],
        {"why": _summary(items), "work": total(work_of(p.op) for p in items)},
        [Region([Block(list(inputs.values()), body)])],
        loc=items[0].op.loc,
        result_names=[v.name for v in outputs],
    )
    replaced.update(zip(outputs, region.results, strict=True))
    return region


def _summary(items: list[Placed]) -> str:
    """Reasons of a region with the op types that they hold for, e.g. ``HG2001: nonlinearity (Relu, Tanh)``."""
    groups: dict[str, list[str]] = defaultdict(list)
    for item in items:
        kind = item.op.name.removeprefix("onnx.")
        if kind not in groups[item.why]:
            groups[item.why].append(kind)
    return "; ".join(f"{why} ({', '.join(kinds)})" for why, kinds in sorted(groups.items()))
