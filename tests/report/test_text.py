"""JSON and text of a report."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import msgspec
import pytest

from heliograph.backends import Target, load_target
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import HeliographError
from heliograph.runtime.report import SCHEMA, Report, build_report, from_json, render_text, to_json
from heliograph.runtime.report.units import count, joule, percent, seconds, size, three, watt


def test_json_round_trip_is_exact_and_stable(digits: Callable[..., Report]) -> None:
    report = digits(snr={"up1": (20.5, 21.0)})
    data = to_json(report)
    assert data == to_json(digits(snr={"up1": (20.5, 21.0)}))
    assert from_json(data) == report
    raw = msgspec.json.decode(data)
    assert raw["schema"] == SCHEMA == "heliograph.report/1"
    assert raw["assumed_dims"] == []
    assert b"Infinity" not in to_json(digits("ideal"))
    assert msgspec.json.decode(to_json(digits("ideal")))["link"]["snr_db"] is None


@pytest.mark.parametrize("width", [100, 140])
def test_text_fits_and_cuts_nothing(digits: Callable[..., Report], width: int) -> None:
    report = digits(snr={"up1": (20.5, 21.0)}, source_name="digits.onnx")
    text = render_text(report, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    for layer in report.layers:
        assert layer.name in text
        assert seconds(layer.duration_ps) in text
    for line in report.totals.energy.lines:
        assert f" {line.component} " in text
        assert joule(line.joule) in text
    for expected in (
        "20.5-21.0 dB",
        "A100, DeiT-B, batch 1",
        "within converter",
        "HG2001",
        report.link.noise[0].name[:0],
    ):
        assert expected in text
    assert "\x1b" not in text
    assert "\x1b" in render_text(report, width=width, color=True)


def test_numbers_are_whole_on_a_narrow_terminal(digits: Callable[..., Report]) -> None:
    report = digits()
    text = render_text(report, width=40)
    assert all(joule(line.joule) in text for line in report.totals.energy.lines)


def test_what_is_assumed_is_said(digits: Callable[..., Report], compiled: Callable[[str], tuple[Op, Target]]) -> None:
    module, target = compiled("awgr8-28g")
    report = build_report(module, target)
    assert report.assumed_dims == ("batch",)
    assert report.dims == {"batch": 1}
    assert any(w.code == "HG1201" and "batch" in w.message for w in report.warnings)
    assert "batch = 1 (assumed)" in render_text(report)
    assert report.unknowns == target.unknowns
    assert sum(report.statuses.values()) == len(target.quantities())
    assert {b.kind for b in report.baselines} == {"measured", "filled", "peak"}
    assert all(b.boundary == "system" and b.source and b.status for b in report.baselines)
    assert not digits().warnings


def test_link_warnings_are_carried(digits: Callable[..., Report]) -> None:
    report = digits("awgr8-28g{laser.launch_power_dbm=-30}")
    assert any(w.code == "HG4005" for w in report.warnings)
    assert "HG4005" in render_text(report)


@pytest.mark.parametrize("dims", [{"batch": 0}, {"batch": -1}, {"batch": True}, {"batch": 1.5}, {"bach": 2}])
def test_impossible_sizes(compiled: Callable[[str], tuple[Op, Target]], dims: dict[str, int]) -> None:
    module, target = compiled("awgr8-28g")
    with pytest.raises(HeliographError, match=r"HG1201"):
        build_report(module, target, dims=dims)


def test_a_program_is_priced_on_its_own_target_only(compiled: Callable[[str], tuple[Op, Target]]) -> None:
    module, _ = compiled("awgr8-28g")
    with pytest.raises(HeliographError, match=r"compiled for awgr8-28g"):
        build_report(module, load_target("ideal"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (three(0.01234), "0.0123"),
        (three(12345.6), "12,346"),
        (joule(1.5e-6), "1.50 uJ"),
        (joule(0), "0 J"),
        (joule(9.996e-7), "1.00 uJ"),
        (joule(3e-20), "3e-20 J"),
        (seconds(54.1e9), "54.1 ms"),
        (seconds(36), "36.0 ps"),
        (watt(1234), "1.23 W"),
        (count(9408), "9,408"),
        (count(1_605_632), "1.61 M"),
        (size(1_605_632), "1.61 MB"),
        (size(9408), "9,408 B"),
        (count(7 * 10**15), "7,000 T"),
        (percent(0.0001), "<0.1 %"),
        (percent(0.9999), ">99.9 %"),
        (percent(1), "100.0 %"),
    ],
)
def test_units(text: str, expected: str) -> None:
    assert text == expected


def test_text_tables_are_imported_only_when_asked_for() -> None:
    code = (
        "import sys, heliograph.runtime.report as r; assert 'rich' not in sys.modules; assert 'onnx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
