"""The timeline of a report as a Chrome trace, for Perfetto (ui.perfetto.dev).

Processes are places, threads are what is busy there. One simulated nanosecond is one microsecond of the trace, because
the format counts in microseconds and a picosecond must stay visible.
"""

from __future__ import annotations

import json
from typing import Any

from heliograph.runtime.report import Report

_CENTER, _EDGE, _FIBRE = 1, 2, 3
_PROCESSES = {_CENTER: "computing center: light", _EDGE: "electronics", _FIBRE: "fibre between them"}
SCHEMA = "heliograph.trace/1"


def trace_json(report: Report) -> bytes:
    """The trace of one run, with energy, shape and reason of every task as its arguments."""
    events = [_named("process_name", pid, 0, name) for pid, name in _PROCESSES.items()]
    events += [_named("thread_name", _CENTER, 1, "optical processors"), _named("thread_name", _EDGE, 1, "processor")]
    for layer in report.layers:
        facts = {
            "gemm": f"b {layer.b}, m {layer.m}, k {layer.k}, n {layer.n}",
            "macs": layer.macs,
            "fill": layer.fill,
            "opus": layer.opus,
            "bound_by": layer.bound,
            "energy_j": layer.energy.system_j,
        }
        events.append(_task(layer.name, _CENTER, 1, layer.start_ps, layer.duration_ps, facts))
    for task in report.electronics:
        facts = {"kind": task.kind, "why": task.why, "ops": task.ops, "energy_j": task.energy.system_j}
        events.append(_task(f"{task.kind} {task.name}", _EDGE, 1, task.start_ps, task.duration_ps, facts))
    directions = {to: tid for tid, to in enumerate(sorted({t.to for t in report.transfers}), 1)}
    events += [_named("thread_name", _FIBRE, tid, f"to {to}") for to, tid in directions.items()]
    for sent in report.transfers:
        facts = {"medium": sent.medium, "bits": sent.bits, "delay_ps": sent.delay_ps, "energy_j": sent.energy.system_j}
        tid = directions[sent.to]
        events.append(_task(sent.name, _FIBRE, tid, sent.start_ps, sent.duration_ps + sent.delay_ps, facts))
    about = {
        "schema": SCHEMA,
        "scale": "1 us of this trace is 1 ns of simulated time",
        "program": report.program,
        "target": report.target,
        "dims": report.dims,
    }
    return json.dumps({"otherData": about, "displayTimeUnit": "ns", "traceEvents": events}, indent=1).encode() + b"\n"


def _named(kind: str, pid: int, tid: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": kind, "pid": pid, "tid": tid, "args": {"name": name}}


def _task(name: str, pid: int, tid: int, start_ps: int, duration_ps: int, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "ph": "X",
        "name": name,
        "pid": pid,
        "tid": tid,
        "ts": start_ps / 1000,
        "dur": duration_ps / 1000,
        "args": {**facts, "start_ps": start_ps, "duration_ps": duration_ps},
    }
