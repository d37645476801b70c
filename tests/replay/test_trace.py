"""The timeline opens in Perfetto and says what it leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from heliograph.backends import Target
from heliograph.ir.core import Op
from heliograph.runtime.replay import replay
from heliograph.runtime.report import build_report
from heliograph.runtime.trace import trace_json

Compiled = Callable[[str], tuple[Op, Target]]
FAST = "awgr8-28g{opu.count=4,opu.weight_banks=2,ring.settle_ns=10}"


def trace(compiled: Compiled, spelling: str = FAST, batch: int = 2) -> dict[str, Any]:
    module, target = compiled(spelling)
    dims = {"batch": batch}
    data = trace_json(replay(module, target, dims=dims), build_report(module, target, dims=dims))
    assert data == trace_json(replay(module, target, dims=dims), build_report(module, target, dims=dims))
    return json.loads(data)  # type: ignore[no-any-return]


def test_every_slice_has_a_named_track(compiled: Compiled) -> None:
    found = trace(compiled)
    entries = found["traceEvents"]
    assert "1 us of this trace is 1 ns" in found["metadata"]["time"]
    processes = {e["pid"]: e["args"]["name"] for e in entries if e["name"] == "process_name"}
    threads = {(e["pid"], e["tid"]): e["args"]["name"] for e in entries if e["name"] == "thread_name"}
    slices = [e for e in entries if e["ph"] == "X"]
    assert {processes[e["pid"]] for e in slices} == {"edge", "center"}
    assert {threads[e["pid"], e["tid"]] for e in slices} >= {"electronics", "opus[3]", "banks[7]", "calls", "downlink"}
    assert all(e["dur"] > 0 and e["ts"] >= 0 for e in slices)
    assert max(e["ts"] + e["dur"] for e in slices) <= found["metadata"]["makespan_ps"] / 1000


def test_slices_of_a_track_do_not_overlap(compiled: Compiled) -> None:
    tracks: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for e in trace(compiled)["traceEvents"]:
        if e["ph"] == "X":
            tracks.setdefault((e["pid"], e["tid"]), []).append((e["ts"], e["ts"] + e["dur"]))
    for spans in tracks.values():
        spans.sort()
        assert all(b[0] >= a[1] - 1e-6 for a, b in pairwise(spans))


def test_large_calls_are_merged_and_said(compiled: Compiled) -> None:
    found = trace(compiled, "awgr8-28g", 4)
    merged = [e for e in found["traceEvents"] if e["ph"] == "X" and e.get("args", {}).get("uses")]
    assert f"{len(merged)} slices" in found["metadata"]["merged_slices"]
    assert any(e["name"].startswith("4,704 x load") for e in merged)
    assert len(found["traceEvents"]) < 5_000


@pytest.mark.parametrize("spelling", [FAST, "awgr8-28g", "ideal"])
def test_the_power_counter_holds_the_energy(compiled: Compiled, spelling: str) -> None:
    module, target = compiled(spelling)
    report = build_report(module, target, dims={"batch": 2})
    samples = [e for e in trace(compiled, spelling)["traceEvents"] if e["ph"] == "C" and e["name"].startswith("power")]
    energy = sum(a["args"]["system"] * 1e-3 * (b["ts"] - a["ts"]) * 1e-9 for a, b in pairwise(samples))
    assert samples[-1]["args"]["system"] == 0
    assert energy == pytest.approx(report.totals.energy.system_j, rel=1e-6)


def test_busy_processors(compiled: Compiled) -> None:
    levels = [e["args"]["opus"] for e in trace(compiled)["traceEvents"] if e["name"] == "busy OPUs"]
    assert levels == [0, *[4, 0] * 4]
