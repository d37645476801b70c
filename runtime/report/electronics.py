"""What runs on electronics: regions, gathers and scatters, and the nodes of the model on either side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from heliograph.backends import (
    Activity,
    ElectronicWork,
    Target,
    electronic_activity,
    electronics_powered,
    family_of,
    price,
)
from heliograph.ir.control import Running
from heliograph.ir.core import Op
from heliograph.ir.dialects import Work, is_prepared
from heliograph.ir.names import source_of
from heliograph.runtime.report.energy import Energy
from heliograph.runtime.report.model import Coverage, ElectronicTask, Layer, Preparation, WorkCounts
from heliograph.runtime.report.reading import Reading, unknown_sizes

KINDS = {"electronic.region": "region", "tile.gather": "gather", "tile.scatter": "scatter"}


def electronic_ops(reading: Reading) -> Iterator[Running]:
    """Ops that the electronics run when the program does, and how often; what is prepared at loading is left out."""
    return (r for r in reading.running() if r.op.name in KINDS and not _prepared(reading, r.op))


def _prepared(reading: Reading, op: Op) -> bool:
    """A gather of constants or a region that computes them: no work and no time."""
    if is_prepared(op):
        return True
    return op.name == "tile.gather" and not any(work_of(reading, op).values()) and reading.slot(op)[2] == 0


def work_of(reading: Reading, op: Op) -> dict[str, int]:
    """Counted work of an op."""
    work = op.attributes["work"]
    assert isinstance(work, Work)
    return work.evaluate(reading.sizes)


def task_activity(target: Target, reading: Reading, op: Op) -> Activity:
    """Operations and bytes of an op, and the electronics powered while it runs."""
    work = ElectronicWork(**work_of(reading, op))
    return electronic_activity(target, work) + electronics_powered(reading.slot(op)[2])


def make_task(reading: Reading, item: Running, energy: Energy) -> ElectronicTask:
    """The row of one op."""
    op = item.op
    _, start, duration = reading.slot(op)
    work = work_of(reading, op)
    kind = KINDS[op.name]
    role = "streamed operand: im2col, scaling" if op.attributes.get("role") == "lhs" else "held operand"
    added = "col2im" if op.attributes.get("combine") == "add" else "stored"
    why = {"gather": role, "scatter": f"partial sums added, scaled, {added}"}.get(
        kind, str(op.attributes.get("why", ""))
    )
    return ElectronicTask(
        kind=kind,
        name=op.loc or kind,
        why=why,
        ops=dict(_types(op).most_common()),
        work=WorkCounts(**work),
        unknown_sizes=kind == "region" and unknown_sizes(op),
        start_ps=item.base_ps + start,
        duration_ps=duration,
        energy=energy,
        runs=item.times,
    )


def make_preparation(target: Target, reading: Reading) -> Preparation:
    """What loading the program costs beyond reading it."""
    regions = [r.op for r in reading.running() if is_prepared(r.op)]
    types: Counter[str] = Counter()
    work, duration, energy = Work(), 0, 0.0
    for op in regions:
        types += _types(op)
        own = op.attributes["preparation"]
        assert isinstance(own, Work)
        work += own
        counts = ElectronicWork(**own.evaluate(reading.sizes))
        takes = family_of(target).electronic_ps(target, counts) if own != Work() else 0
        duration += takes
        lines = price(target, electronic_activity(target, counts) + electronics_powered(takes)).lines
        energy += sum(line.energy_j for line in lines)
    return Preparation(
        regions=len(regions),
        ops=dict(types.most_common()),
        work=WorkCounts(**work.evaluate(reading.sizes)),
        duration_ps=duration,
        energy_j=energy,
    )


def _onnx_ops(region: Op) -> list[Op]:
    inner = region.body.ops if region.regions else []
    return [op for op in inner if op.name not in ("electronic.yield", "helio.weight", "helio.none")]


def _types(op: Op) -> Counter[str]:
    return Counter(inner.name.rpartition(".")[2] for inner in _onnx_ops(op))


def make_coverage(reading: Reading, layers: tuple[Layer, ...], tasks: tuple[ElectronicTask, ...]) -> Coverage:
    """Count model nodes by source name; a node that light computes counts there, also when its bias does not."""
    ops = [r.op for r in reading.running()]
    light = {source_of(op.loc) or id(op) for op in ops if op.name == "func.call"}
    regions = [op for op in ops if op.name == "electronic.region"]
    inside = {source_of(op.loc) or id(op) for region in regions for op in _onnx_ops(region)}
    types: Counter[str] = Counter()
    for task in tasks:
        types.update(task.ops)
    prepared = sum(op.name == "tile.gather" and _prepared(reading, op) for op in ops)
    return Coverage(
        nodes_light=len(light),
        nodes_electronics=len(inside - light),
        nodes_split=len(inside & light),
        macs_light=sum(layer.macs * layer.runs for layer in layers),
        macs_electronics=sum(task.work.macs * task.runs for task in tasks),
        electronic_ops=dict(types.most_common()),
        regions=len(regions),
        prepared_ahead=prepared,
        unknown_sizes=tuple(task.name for task in tasks if task.unknown_sizes),
    )
