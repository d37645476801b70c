"""Every family from an ONNX model to a replayed schedule, a report and a noisy result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import heliograph
from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.runtime.replay import replay
from heliograph.runtime.report import build_report

MODEL = Path(__file__).parents[2] / "models" / "digits_gan" / "digits_gan.onnx"
TARGETS = ("dptc12-5g", "ringbank12-5g", "mzi12-5g", "netcast-wdm")


@pytest.mark.parametrize("spelling", TARGETS)
@pytest.mark.parametrize("count", [1, 3])
def test_the_schedule_is_the_one_that_is_priced(spelling: str, count: int) -> None:
    target = load_target(f"{spelling}{{opu.count={count}}}")
    module = compile_model(MODEL, target).module
    for batch in (1, 5):
        found = replay(module, target, dims={"batch": batch})
        assert found.ok
        report = build_report(module, target, dims={"batch": batch})
        assert found.total_ps == found.makespan_ps == report.totals.makespan_ps
        assert report.coverage.macs_light == report.coverage.macs
        figures = report.totals.mw_per_tops
        best = report.totals.peak_mw_per_tops
        for boundary in ("optical", "analog", "converter"):
            assert figures.at(boundary) >= best.at(boundary) * 0.999


@pytest.mark.parametrize("spelling", TARGETS)
def test_digits_are_drawn(spelling: str) -> None:
    exact = heliograph.InferenceSession(str(MODEL), target="ideal")
    names = {i.name: i for i in exact.get_inputs()}
    feed = {"z": np.random.default_rng(0).normal(size=(2, names["z"].shape[1])).astype(np.float32)}
    feed["label"] = np.array([3, 8], np.int64)
    right = exact.run(None, feed)[0]
    noisy = heliograph.InferenceSession(str(MODEL), target=spelling, engine="noisy").run(None, feed)[0]
    assert np.corrcoef(right.ravel(), noisy.ravel())[0, 1] > 0.7
