"""Plays a whole program: every op of @main at the time of its slot, with durations that the target gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from heliograph.backends import ElectronicWork, Target, family_of, network_ps
from heliograph.ir.core import Block, Op, Value, walk
from heliograph.ir.dialects import CONTROL, Work, is_prepared
from heliograph.runtime.replay.kernel import DRAWN_USES, WHOLE_TILES, Hardware, KernelPlayer
from heliograph.runtime.replay.machine import Machine
from heliograph.runtime.replay.model import Event, Replay, moved
from heliograph.runtime.report.reading import Reading, read

_ELECTRONIC = ("electronic.region", "tile.gather", "tile.scatter")
_DRAWN_USES = 5_000  # of all calls
_KINDS = {
    **dict.fromkeys(_ELECTRONIC, "electronics"),
    **dict.fromkeys(CONTROL, "control"),
    "sched.send": "fibre",
    "func.call": "processor",
}


@dataclass(frozen=True)
class _Placed:
    """An op, when it starts, and how long it takes."""

    op: Op
    name: str
    resource: str
    start: int
    takes: int


def replay(
    module: Op, target: Target, *, dims: Mapping[str, int] | None = None, whole_tiles: int = WHOLE_TILES
) -> Replay:
    """Play a scheduled module back and find what it breaks.

    `dims` binds open sizes, missing ones are 1. Calls of more than `whole_tiles` weight loads are played in part:
    enough rounds that every possible collision has a translated copy among them.
    Raises HG1201 for impossible dims, HG9001 when the module is not scheduled.
    """
    return _Player(read(module, dims), target, whole_tiles).play()


class _Player:
    def __init__(self, reading: Reading, target: Target, whole_tiles: int, outer: _Player | None = None) -> None:
        self._reading, self._target, self._whole = reading, target, whole_tiles
        self._family = family_of(target)
        self._hardware = Hardware.of(target)
        copies = {name: reading.count(name) for name in reading.resources}
        self._machine = Machine({**copies, "writers": copies.get("opus", 0)})
        self._ready: dict[Value, int] = {}
        self._site: dict[Value, str] = {}  # absent: a constant, which is wherever it is needed
        self._electronics_site = target.cloud.electronics_site
        self._total = 0
        self._loads = self._symbols = 0
        self._collapsed: list[str] = []
        calls = sum(op.name == "func.call" for op in walk(reading.main))
        self._drawn = max(1, min(DRAWN_USES, _DRAWN_USES // max(1, calls)))
        if outer is not None:  # a body sees the values before it, all there when it starts
            self._site = dict(outer._site)

    def play(self) -> Replay:
        """Durations and operands in program order, resources in order of time."""
        self._check_hardware()
        self._play_block(self._reading.main.body, "edge")
        makespan = self._reading.makespan_ps
        if makespan != self._total:
            message = f"the schedule says {makespan} ps, the last value is there at {self._total} ps"
            self._machine.findings.add("makespan", "@main", self._total, message)
        resources = self._reading.resources.items()
        return Replay(
            program=self._reading.module.sym_name,
            target=self._target.spelling,
            dims=self._reading.dims,
            assumed_dims=self._reading.assumed,
            total_ps=self._total,
            makespan_ps=makespan,
            loads=self._loads,
            symbols=self._symbols,
            collapsed=tuple(self._collapsed),
            sites={name: str(op.attributes.get("site", "")) for name, op in resources},
            events=tuple(sorted(self._machine.events, key=lambda e: (e.start_ps, e.resource, e.lane, e.end_ps))),
            violations=tuple(self._machine.findings.listed),
            more_violations=self._machine.findings.unlisted,
        )

    def _play_block(self, block: Block, site: str) -> None:
        """Play a block whose arguments are at `site` from the start."""
        for value in block.args:
            self._ready[value], self._site[value] = 0, site
        placed = [p for op in block.ops if (p := self._place(op)) is not None]
        for item in sorted(placed, key=lambda p: p.start):
            if item.op.name != "func.call" and item.takes:
                copy = self._machine.least_used(item.resource)
                self._machine.use(item.resource, copy, item.start, item.start + item.takes, item.name)
                self._draw(item, copy)
        self._check_alone(placed)

    def _check_alone(self, placed: list[_Placed]) -> None:
        """Bodies may use everything, so nothing else runs while control flow does."""
        for control in (p for p in placed if p.op.name in CONTROL):
            for other in placed:
                overlap = other.start < control.start + control.takes and control.start < other.start + other.takes
                if other is not control and other.takes and overlap:
                    self._find("resource", other.name, other.start, f"runs while {control.name} does")

    def _play_control(self, op: Op, name: str, start: int) -> int:
        """Play every body once and give the time of all trips of the longest."""
        promised = op.attributes.get("body_ps", ())
        assert isinstance(promised, tuple)
        longest = loads = symbols = 0
        trips = self._reading.number(op.attributes.get("trips", 1))
        for region, body_ps in zip(op.regions, promised, strict=True):
            body = _Player(self._reading, self._target, self._whole, outer=self)
            body._play_block(region.block, self._electronics_site)
            if body._total != self._reading.number(body_ps):
                self._find("end", name, start, f"a body takes {body._total} ps, the schedule says {body_ps}")
            self._machine.findings.merge(body._machine.findings)
            self._machine.events += [moved(event, start) for event in body._machine.events]
            self._collapsed += body._collapsed
            if body._total >= longest:
                longest, loads, symbols = body._total, body._loads, body._symbols
        self._loads += trips * loads
        self._symbols += trips * symbols
        return trips * longest

    def _check_hardware(self) -> None:
        """A program may not have more devices than the target."""
        opu = self._target.opu
        have = {"opus": opu.count, "modulators": opu.count, "receivers": opu.count}
        have |= {"banks": opu.count * opu.weight_banks, "electronics": 1}
        for name, most in have.items():
            count = self._machine.copies.get(name, 0)
            if count > most:
                self._machine.findings.add("resource", f"@{name}", 0, f"{count} copies, the target has {most}")

    def _place(self, op: Op) -> _Placed | None:
        """Time one op; None for what takes no time."""
        wait = max((self._ready.get(v, 0) for v in _uses(op)), default=0)
        if op.name not in _KINDS:
            for value in op.results:
                self._ready[value] = wait
            if op.name in ("func.return", "control.yield"):
                self._expect_site(op, "edge" if op.name == "func.return" else self._electronics_site, wait)
            return None
        resource, start, promised = self._reading.slot(op)
        name = f"{op.name} {op.loc}".strip()
        self._check_resource(op, name, resource, start)
        if start < wait:
            self._find("operand", name, start, f"starts at {start} ps, its operands are there at {wait} ps")
        if op.name == "func.call":
            takes = self._play_call(op, start) - start
            if takes != promised:
                self._find("end", name, start + takes, f"ends at {start + takes} ps, its slot at {start + promised} ps")
        else:
            takes = self._play_control(op, name, start) if op.name in CONTROL else self._time_of(op)
            if takes != promised:
                self._find("duration", name, start, f"has a slot of {promised} ps, it takes {takes} ps")
        self._finish(op, name, start + takes)
        return _Placed(op, name, resource, start, takes)

    def _play_call(self, op: Op, start: int) -> int:
        """Play a call. Calls are told in program order; two at once are found all the same."""
        played = KernelPlayer(
            self._machine, self._hardware, self._reading.call(op), start, whole_tiles=self._whole, drawn=self._drawn
        ).play()
        self._loads += played.loads
        self._symbols += played.symbols
        if played.collapsed:
            self._collapsed.append(op.loc)
        return played.end_ps

    def _time_of(self, op: Op) -> int:
        if op.name == "sched.send":
            return network_ps(self._target, self._reading.number(op.attributes["bits"]))
        work = op.attributes["work"]
        assert isinstance(work, Work)
        if work + Work() == Work():  # nothing to start, whatever the sizes
            return 0
        return self._family.electronic_ps(self._target, ElectronicWork(**work.evaluate(self._reading.sizes)))

    def _finish(self, op: Op, name: str, end: int) -> None:
        """When and where the results are."""
        site = "center" if op.name == "func.call" else self._electronics_site
        if op.name == "sched.send":
            site = str(op.attributes["to"])
            delay = self._family.fibre_ps(self._target)
            if op.attributes["delay_ps"] != delay:
                self._find("duration", name, end, f"crosses in {op.attributes['delay_ps']} ps, light takes {delay} ps")
            end += delay
        else:
            self._expect_site(op, site, end)
        gathers = op.name == "tile.gather" and all(v not in self._site for v in op.operands)
        constant = gathers or is_prepared(op)
        for value in op.results:
            self._ready[value] = end
            if not constant:
                self._site[value] = site
        self._total = max(self._total, end)

    def _expect_site(self, op: Op, site: str, at: int) -> None:
        for value in op.operands:
            if self._site.get(value, site) != site:
                there = self._site[value]
                self._find("site", f"{op.name} {op.loc}".strip(), at, f"reads at the {site} what is at the {there}")

    def _check_resource(self, op: Op, name: str, resource: str, start: int) -> None:
        found = self._reading.resources.get(resource)
        kind = found.attributes.get("kind") if found else None
        if kind != _KINDS[op.name]:
            self._find("resource", name, start, f"runs on @{resource}, which is no {_KINDS[op.name]}")

    def _find(self, kind: str, where: str, at: int, message: str) -> None:
        self._machine.findings.add(kind, where, at, message)

    def _draw(self, item: _Placed, copy: int) -> None:
        event = Event(
            name=item.op.loc or item.op.name,
            kind=item.op.name,
            resource=item.resource,
            lane=copy,
            start_ps=item.start,
            end_ps=item.start + item.takes,
        )
        self._machine.events.append(event)


def _uses(op: Op) -> list[Value]:
    """Operands of an op, and what the bodies of control flow read."""
    return [v for inner in walk(op) for v in inner.operands] if op.name in CONTROL else op.operands
