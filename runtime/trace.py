"""A replay as a timeline for Perfetto or chrome://tracing: 1 us of the trace is 1 ns of the program.

Each site is a process and each copy of a resource a thread. Streams of a call with very many are one slice, which
says how many it stands for. With a report there is a counter of power beside that of busy processors.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import msgspec

from heliograph.runtime.replay.model import Event, Replay
from heliograph.runtime.report.model import Report

SCHEMA = "heliograph.trace/1"
_KINDS = {
    "func.call": "call",
    "electronic.region": "region",
    "tile.gather": "gather",
    "tile.scatter": "scatter",
    "sched.send": "send",
}
Entry = dict[str, object]


def trace_json(replay: Replay, report: Report | None = None) -> bytes:
    """The timeline as JSON; the same bytes for the same replay and report."""
    tracks = _Tracks(replay)
    entries = [*tracks.names(), *(tracks.slice(event) for event in replay.events), *_busy(replay, tracks)]
    if report is not None:
        entries += _power(report, tracks)
    merged = sum(event.merged > 1 for event in replay.events if event.kind != "func.call")
    metadata = {
        "schema": SCHEMA,
        "time": "1 us of this trace is 1 ns of the program",
        "program": replay.program,
        "target": replay.target,
        "dims": replay.dims,
        "assumed_dims": list(replay.assumed_dims),
        "makespan_ps": replay.total_ps,
        "merged_slices": f"{merged} slices stand for several uses each (args.uses)" if merged else "none",
    }
    return msgspec.json.encode({"displayTimeUnit": "ns", "metadata": metadata, "traceEvents": entries}) + b"\n"


class _Tracks:
    """Numbers of processes and threads."""

    def __init__(self, replay: Replay) -> None:
        sites = dict.fromkeys([*sorted(set(replay.sites.values())), "center"])
        self._pids = {site: i + 1 for i, site in enumerate(sites)}
        self._sites = {**replay.sites, "calls": replay.sites.get("opus", "center")}
        order = {name: i for i, name in enumerate(["calls", *replay.sites])}
        used = sorted({(e.resource, e.lane) for e in replay.events}, key=lambda t: (order[t[0]], t[1]))
        self._tids = {track: i + 1 for i, track in enumerate(used)}
        self._copies = {name for name, lane in used if lane > 0}

    def pid(self, resource: str) -> int:
        """Process of the site where a resource stands."""
        return self._pids[self._sites[resource]]

    def names(self) -> Iterator[Entry]:
        """Names of processes and threads, threads in the order of the program's resources."""
        for site, pid in self._pids.items():
            yield {"ph": "M", "name": "process_name", "pid": pid, "args": {"name": site}}
        for (resource, lane), tid in self._tids.items():
            pid, name = self.pid(resource), f"{resource}[{lane}]" if resource in self._copies else resource
            yield {"ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": {"name": name}}
            yield {"ph": "M", "name": "thread_sort_index", "pid": pid, "tid": tid, "args": {"sort_index": tid}}

    def slice(self, event: Event) -> Entry:
        """One event as a complete slice."""
        kind = _KINDS.get(event.kind, event.kind)
        entry: Entry = {
            "ph": "X",
            "name": f"{kind} {event.name}",
            "cat": kind,
            "pid": self.pid(event.resource),
            "tid": self._tids[event.resource, event.lane],
            "ts": _time(event.start_ps),
            "dur": _time(event.end_ps - event.start_ps),
        }
        if event.kind == "func.call":
            entry["args"] = {"processors": event.merged}
        elif event.merged > 1:
            entry["name"] = f"{event.merged:,} x {kind} {event.name}"
            entry["args"] = {"uses": event.merged}
        return entry

    def counter(self, name: str, at_ps: int, **values: float) -> Entry:
        """A sample of a counter of the computing center."""
        return {"ph": "C", "name": name, "pid": self._pids["center"], "ts": _time(at_ps), "args": values}


def _time(ps: int) -> float:
    """Microseconds of the trace: simulated nanoseconds."""
    return ps / 1000


def _steps(changes: list[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """Running sum of changes, one value per time."""
    level = 0.0
    for at, group in groupby(sorted(changes), key=lambda change: change[0]):
        level += sum(change for _, change in group)
        yield at, level


def _busy(replay: Replay, tracks: _Tracks) -> Iterator[Entry]:
    calls = [e for e in replay.events if e.kind == "func.call"]
    changes = [(e.start_ps, float(e.merged)) for e in calls] + [(e.end_ps, -float(e.merged)) for e in calls]
    for at, level in _steps([(0, 0.0), *changes]):
        yield tracks.counter("busy OPUs", at, opus=int(level))


def _power(report: Report, tracks: _Tracks) -> Iterator[Entry]:
    """Average power over each task in mW, at the system boundary; what is idle draws its idle power.

    Energy of a task without duration (a send of light has none) is in no sample; of a loop the first trip is drawn.
    """
    rest = {i.name: i.energy.system_j / i.idle_ps * 1e15 if i.idle_ps else 0.0 for i in report.idle}
    changes = [(0, sum(rest.values())), (report.totals.makespan_ps, -sum(rest.values()))]
    for tasks, base in (
        (report.layers, rest.get("processors", 0.0)),
        (report.electronics, rest.get("electronics", 0.0)),
        (report.transfers, 0.0),
    ):
        for task in tasks:
            if task.duration_ps:
                power = task.energy.system_j / (task.runs * task.duration_ps) * 1e15 - base
                changes += [(task.start_ps, power), (task.start_ps + task.duration_ps, -power)]
    for at, level in _steps(changes):
        yield tracks.counter("power, mW", at, system=round(max(level, 0.0), 3))
