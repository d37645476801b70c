"""Group placed ops into alternating electronic regions and contractions.

Every op gets a stage: one more than the latest contraction it depends on. All electronic ops of one stage can run
together, after the contractions of the stage before and before those of their own, so each stage has one region.
That is the fewest regions possible: two ops of different stages have a contraction between them on some path.

What contractions read and constants alone decide (a weight behind DequantizeLinear or Cast) is computed once, when the
program is loaded: each such operand is a region of its own, ahead of the stages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from heliograph.compiler.analysis.work import total, work_of
from heliograph.ir.core import AttributeValue, Block, Op, Region, Value, walk
from heliograph.ir.dialects import Work

_LEAVES = ("helio.weight", "helio.none")


@dataclass(frozen=True)
class Placed:
    """An op and where it runs; `why` says why it does not run on light.

    `constant`: its results are the same, and of the same size, in every run.
    """

    op: Op
    on_light: bool
    why: str
    constant: bool = False


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
    placed = _alive(placed, results)
    groups = _prepared(placed)
    ahead = {id(item) for group in groups for item in group}
    own = [p.op for p in placed if p.op.name in _LEAVES]
    stages = _stages([p for p in placed if p.op.name not in _LEAVES and id(p) not in ahead])
    used_in = _uses(stages, results)
    outer_leaves = {v for p in placed if p.on_light for v in free_values(p.op)} | set(results)
    ops = [op for op in own if op.result in outer_leaves]
    replaced: dict[Value, Value] = {}
    for group in groups:
        ops.append(_region(group, leaves, replaced, used_in.keys(), prepared=True))
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


def _stages(placed: Sequence[Placed]) -> dict[int, list[Placed]]:
    """Ops by stage. Constant ones go with the first that read them, so that onnxruntime can compute them ahead."""
    ready: dict[Value, int] = {}
    stage_of: dict[int, int] = {}
    for item in placed:
        stage_of[id(item)] = at = max((ready.get(v, 0) for v in free_values(item.op)), default=0)
        ready.update(dict.fromkeys(item.op.results, at + 1 if item.on_light else at))
    first_read: dict[Value, int] = {}
    for item in reversed(placed):
        if item.constant:
            stage_of[id(item)] = min((first_read[v] for v in item.op.results if v in first_read), default=0)
        for value in free_values(item.op):
            first_read[value] = min(first_read.get(value, stage_of[id(item)]), stage_of[id(item)])
    stages: dict[int, list[Placed]] = defaultdict(list)
    for item in placed:
        stages[stage_of[id(item)]].append(item)
    return stages


def _alive(placed: Sequence[Placed], results: Sequence[Value]) -> list[Placed]:
    """Without electronic ops that nobody needs, such as the last states of a recurrent layer."""
    needed, alive = set(results), []
    for item in reversed(placed):
        if item.on_light or item.op.name in _LEAVES or needed.intersection(item.op.results):
            needed.update(free_values(item.op))
            alive.append(item)
    return alive[::-1]


def _prepared(placed: Sequence[Placed]) -> list[list[Placed]]:
    """Constant ops that contractions (or control flow with some in it) need, in groups that share no value."""
    needed = {v for p in placed if p.on_light for v in free_values(p.op)}
    chosen = []
    for item in reversed(placed):
        if item.constant and item.op.name not in _LEAVES and needed.intersection(item.op.results):
            needed.update(free_values(item.op))
            chosen.append(item)
    groups: list[list[Placed]] = []
    group_of: dict[Value, list[Placed]] = {}
    for item in reversed(chosen):
        joined: list[Placed] = []
        for group in {id(g): g for v in free_values(item.op) if (g := group_of.get(v)) is not None}.values():
            joined += group
            groups.remove(group)
        joined.append(item)
        groups.append(joined)
        group_of.update({v: joined for member in joined for v in member.op.results})
    return groups


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
    items: list[Placed],
    leaves: Mapping[Value, Op],
    replaced: dict[Value, Value],
    read_outside: Collection[Value],
    *,
    prepared: bool = False,
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
    work = total(work_of(p.op) for p in items)
    attributes: dict[str, AttributeValue] = {"why": _summary(items), "work": work}
    if prepared:
        kinds = dict.fromkeys(p.op.name.removeprefix("onnx.") for p in items)
        why = f"HG2002: computed once from constants ({', '.join(kinds)})"
        attributes = {"why": why, "work": Work(), "preparation": work}
    region = Op(
        "electronic.region",
        list(inputs),
        [v.type for v in outputs],
        attributes,
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
