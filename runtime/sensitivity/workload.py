"""What a program does, in numbers, so that it can be timed and priced on other hardware without compiling it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from heliograph.backends import (
    Activity,
    ElectronicWork,
    GemmActivity,
    Target,
    electronic_activity,
    electronics_powered,
    family_of,
    network_ps,
    traffic,
)
from heliograph.backends.durations import kernel_timing
from heliograph.ir.asap import Use, earliest_end
from heliograph.ir.core import Op, Value
from heliograph.ir.kernel import KernelSpec
from heliograph.runtime.report.electronics import KINDS, electronic_ops, work_of
from heliograph.runtime.report.homes import HeldUse, constant_values, homes, resident
from heliograph.runtime.report.layers import call_activity, gemm_activity, hardware_rails
from heliograph.runtime.report.reading import Reading
from heliograph.runtime.sensitivity.hardware import Hardware, retiled

_KINDS_OF_WORK = ("macs", "elementwise", "reduce", "transcendental", "moved_bytes")


@dataclass(frozen=True)
class Called:
    """A kernel and the sizes b, m, k, n it is called with."""

    kernel: str
    sizes: tuple[tuple[str, int], ...]
    constant: bool  # weights are the program's own

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one call."""
        sizes = dict(self.sizes)
        return sizes["b"] * sizes["m"] * sizes["k"] * sizes["n"]


class Workload:
    """The contractions, electronic work and transfers of a program that was compiled for `target`."""

    def __init__(self, reading: Reading, target: Target) -> None:
        self._reading, self._target = reading, target
        self._specs = {name: view.spec for name, view in reading.kernels.items()}
        self._rails = hardware_rails(target, reading)
        self._calls: dict[Op, Called] = {}
        self._work: dict[Op, ElectronicWork] = {}
        self._adders: dict[Op, Called] = {}  # scatters, by the call whose partial sums they add
        self._bits: dict[Op, int] = {}
        self.runs: Counter[Called] = Counter()
        self._read()
        self.processors = reading.count("opus") if self._calls else 0
        self._ends: dict[Hashable, int] = {}
        self._base_ps = self._end_ps(self.on(target))

    def _read(self) -> None:
        made_by: dict[Value, Called] = {}
        running, constants = self._reading.running(), constant_values(self._reading.main)
        self._held: list[tuple[Value, Called]] = []
        self._network_bits = 0
        for item in running:
            op = item.op
            if op.name == "sched.send":
                self._bits[op] = self._reading.number(op.attributes["bits"])
                self._network_bits += item.times * self._bits[op]
                if op.operands[0] in made_by:
                    made_by[op.result] = made_by[op.operands[0]]
            elif op.name == "func.call":
                call = self._reading.call(op)
                called = Called(call.kernel.func.sym_name, tuple(call.sizes.items()), op.operands[1] in constants)
                self._held.append((op.operands[1], called))
                made_by[op.result] = self._calls[op] = called
                self.runs[called] += item.times
            elif op.name in KINDS:
                self._work[op] = ElectronicWork(**work_of(self._reading, op))
                if op.name == "tile.scatter":
                    self._adders[op] = made_by[op.operands[0]]
        self._electronic = {item.op: item.times for item in electronic_ops(self._reading)}

    def on(self, target: Target) -> Hardware:
        """The program's kernels on a target; as many processors are powered, or all where the program powers all."""
        opus = target.opu.count if self.processors == self._target.opu.count else self.processors
        specs = {name: retiled(spec, self._target, target) for name, spec in self._specs.items()}
        return Hardware(target, specs, opus)

    def time_ps(self, hardware: Hardware) -> int:
        """Makespan: the schedule's, and what other durations add to it or take from it."""
        return self._reading.makespan_ps + self._end_ps(hardware) - self._base_ps

    def activity(self, hardware: Hardware, time_ps: int) -> Activity:
        """Everything the program does, and what is powered meanwhile."""
        target, family = hardware.target, family_of(hardware.target)
        powered = GemmActivity(powered_ps=hardware.processors * time_ps, rails=self._rails)
        done = family.activity(target, powered)
        uses = {c: HeldUse(hardware.specs[c.kernel], dict(c.sizes), c.constant) for c in self.runs}
        weights = resident(target, [(value, uses[called]) for value, called in self._held])
        for called, runs in self.runs.items():
            use = uses[called]
            task = gemm_activity(use.spec, use.sizes, 0, self._rails)
            done += call_activity(target, use.spec, task, homes(target, use, weights.level)) * runs
        total: Counter[str] = Counter()
        for op, runs in self._electronic.items():
            work = self._work_on(op, hardware.specs)
            for kind in _KINDS_OF_WORK:
                total[kind] += runs * getattr(work, kind)
        done += electronic_activity(target, ElectronicWork(**total))
        return done + electronics_powered(time_ps) + traffic(network_bits=self._network_bits)

    def _end_ps(self, hardware: Hardware) -> int:
        key = hardware.timing
        if key not in self._ends:
            self._ends[key] = earliest_end(self._reading.main.body.ops, self._uses(hardware), self._trips)
        return self._ends[key]

    def _uses(self, hardware: Hardware) -> Callable[[Op], Use]:
        target, family = hardware.target, family_of(hardware.target)
        lanes = max(hardware.processors, 1)
        ends = {name: kernel_timing(target, spec, lanes)[0].end_ps for name, spec in hardware.specs.items()}
        durations = {called: ends[called.kernel].evaluate(dict(called.sizes)) for called in self.runs}
        fibre_ps = family.fibre_ps(target)

        @cache  # layers repeat, and so do their amounts of work
        def electronic(work: ElectronicWork) -> Use:
            return Use("electronics", 0 if work == ElectronicWork() else family.electronic_ps(target, work))

        @cache
        def transfer(to: str, bits: int) -> Use:
            return Use("uplink" if to == "center" else "downlink", network_ps(target, bits), fibre_ps)

        def use(op: Op) -> Use:
            if op in self._calls:
                return Use("opus", durations[self._calls[op]])
            if op in self._bits:
                return transfer(str(op.attributes["to"]), self._bits[op])
            return electronic(self._work_on(op, hardware.specs)) if op in self._work else Use(None)

        return use

    def _work_on(self, op: Op, specs: Mapping[str, KernelSpec]) -> ElectronicWork:
        """Work of an op; tiles of another height leave more or fewer partial sums to add."""
        work, called = self._work[op], self._adders.get(op)
        if called is None:
            return work
        old, spec, sizes = self._specs[called.kernel], specs[called.kernel], dict(called.sizes)
        if old.tile_k == spec.tile_k:
            return work
        before, after = (-(-sizes["k"] // tile_k) for tile_k in (old.tile_k, spec.tile_k))
        outputs = sizes["b"] * sizes["m"] * sizes["n"] * spec.lhs.passes * spec.rhs.passes
        return replace(work, elementwise=work.elementwise + (after - before) * outputs)

    def _trips(self, op: Op) -> int:
        return self._reading.number(op.attributes.get("trips", 1))
