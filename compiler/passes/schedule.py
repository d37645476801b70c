"""tiled -> scheduled: resources, start times and initiation intervals in integer picoseconds.

Contractions run one after another, each on all powered processors at once; electronic work and transfers run beside
them where data allows. Operands cross the fibre as light, results come back through transceivers, and the delay of
every crossing is in the schedule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from heliograph.backends import Target
from heliograph.backends.durations import kernel_timing
from heliograph.compiler.module import kernels_of, main_of
from heliograph.compiler.passes.base import Notes, Pass
from heliograph.compiler.passes.makespans import Makespans
from heliograph.compiler.passes.timeline import Timeline
from heliograph.compiler.passes.transfers import with_transfers
from heliograph.compiler.unit import Unit
from heliograph.ir.core import AttributeValue, Block, Op, Region, SymbolRef, walk
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import CONTROL, LoopTiming, Slot
from heliograph.ir.kernel import KernelView


@dataclass(frozen=True)
class Schedule(Pass):
    """Time every op. `objective=latency` powers all processors; `objective=energy` powers as many as give the least
    powered processor time, open sizes taken as typical, or 1 where no range is declared."""

    name: ClassVar[str] = "schedule"
    takes: ClassVar[str] = "tiled"
    gives: ClassVar[str] = "scheduled"

    objective: str = "latency"

    def run(self, unit: Unit, notes: Notes) -> Unit:
        """Add resources, slots, loop timings and transfers."""
        if self.objective not in ("latency", "energy"):
            raise error("HG1302", f"{self.spelling}: objective is latency or energy")
        powered = unit.target.opu.count
        if self.objective == "energy" and powered > 1:
            makespan_ps = Makespans(unit.module, unit.target)
            powered = min(range(1, powered + 1), key=lambda n: n * makespan_ps(n))
        module = _schedule(unit.module, unit.target, powered)
        notes.did("processors powered", powered)
        notes.did("transfers", sum(op.name == "sched.send" for op in walk(module)))
        return unit.with_module(module)


def _schedule(module: Op, target: Target, processors: int) -> Op:
    kernels = {name: _timed_kernel(func, target, processors) for name, func in kernels_of(module).items()}
    timings = {name: KernelView.of(func).timing for name, func in kernels.items()}
    main = main_of(module)
    args, ops = with_transfers(main, target)
    timeline = Timeline(target, timings)
    for op in ops:
        timeline.place(op)
    attributes: dict[str, AttributeValue] = {**main.attributes, "makespan_ps": timeline.makespan}
    scheduled = Op("func.func", attributes=attributes, regions=[Region([Block(args, ops)])])
    sequencer = any(op.name in CONTROL for op in walk(scheduled))
    body = [*_resources(target, processors, sequencer), *kernels.values(), scheduled]
    attributes = {**module.attributes, "helio.level": "scheduled"}
    return Op("builtin.module", attributes=attributes, regions=[Region([Block([], body)])])


def _resources(target: Target, processors: int, sequencer: bool) -> list[Op]:
    site = target.cloud.electronics_site
    table: list[tuple[str, str, int, str]] = [
        ("electronics", "electronics", 1, site),
        ("uplink", "fibre", 1, "edge"),
        ("downlink", "fibre", 1, "center"),
        ("modulators", "transmitter", processors, "edge"),
        ("banks", "weights", processors * target.opu.weight_banks, "center"),
        ("opus", "processor", processors, "center"),
        ("receivers", "receiver", processors, "center"),
    ]
    if sequencer:
        table.append(("sequencer", "control", 1, site))
    return [
        Op("sched.resource", attributes={"sym_name": name, "kind": kind, "count": count, "site": place})
        for name, kind, count, place in table
    ]


def _timed_kernel(func: Op, target: Target, processors: int) -> Op:
    """A copy of a kernel with timings on its loops and slots on its devices."""
    copy = func.clone({})
    view = KernelView.of(copy)
    nest, stream = kernel_timing(target, view.spec, processors)
    view.nest.attributes["timing"] = nest
    view.stream.attributes["timing"] = stream
    view.hold.attributes["slot"] = Slot(SymbolRef("banks"), 0, stream.at_ps)
    for op in view.stream.body.ops:
        resource = {
            "optical.encode": "modulators",
            "optical.multiply": "opus",
            "optical.detect": "receivers",
        }.get(op.name)
        if resource:  # busy for one symbol; the exact period is the loop's ii_ps / per
            op.attributes["slot"] = Slot(SymbolRef(resource), 0, _symbol_ps(stream))
    return copy


def _symbol_ps(stream: LoopTiming) -> int:
    one = replace(stream, at_ps=0, trips=1, drain_ps=0)
    return int(one.end_ps)
