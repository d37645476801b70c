"""The parts of a report add up to its totals exactly, and to what the whole activity costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from heliograph.backends import Boundary, Target, family_of, load_target, peak
from heliograph.ir.core import Op
from heliograph.runtime.report import Report
from heliograph.runtime.report.energy import total

TARGETS = [
    "awgr8-28g",
    "awgr8-28g{opu.count=4,opu.weight_banks=2,ring.settle_ns=10}",
    "awgr8-28g{mzm.idle_fraction=0,dac.idle_fraction=0,adc.idle_fraction=0,ring.settle_ns=10}",
    "awgr8-28g{precision.sign_scheme=two-pass,precision.repeats=2,cloud.electronics_site=center}",
    "awgr9x4-50g",
    "ideal",
]


def parts(report: Report) -> list[object]:
    return [*report.layers, *report.electronics, *report.transfers, *report.idle]


@pytest.mark.parametrize("spelling", TARGETS)
@pytest.mark.parametrize("batch", [1, 16])
def test_parts_add_up_exactly(digits: Callable[..., Report], spelling: str, batch: int) -> None:
    report = digits(spelling, batch)
    t = report.totals
    for boundary in Boundary:
        forward = sum(p.energy.at(boundary) for p in parts(report))  # type: ignore[attr-defined]
        backward = sum(p.energy.at(boundary) for p in reversed(parts(report)))  # type: ignore[attr-defined]
        assert forward == backward == t.energy.at(boundary)
        shares = (t.light_energy, t.electronics_energy, t.transfer_energy, t.idle_energy)
        assert sum(e.at(boundary) for e in shares) == t.energy.at(boundary)
    assert sum(line.joule for line in t.energy.lines) == t.energy.system_j
    assert total(p.energy for p in parts(report)) == t.energy  # type: ignore[attr-defined]
    assert all(line.joule % report.energy_quantum_j == 0 for line in t.energy.lines)
    assert report.energy_quantum_j <= t.energy.system_j * 2**-48


@pytest.mark.parametrize("spelling", TARGETS)
def test_every_processor_is_powered_for_the_whole_makespan(digits: Callable[..., Report], spelling: str) -> None:
    report = digits(spelling, 4)
    t = report.totals
    processors, electronics = report.idle
    assert sum(x.duration_ps for x in report.layers) + processors.idle_ps == t.makespan_ps
    assert sum(x.duration_ps for x in report.electronics) + electronics.idle_ps == t.makespan_ps
    assert t.opus == processors.devices == load_target(spelling).opu.count
    target = load_target(spelling)
    laser = {r.component: r for r in family_of(target).rates(target)}.get("laser")
    if laser is not None:
        lasers = target.opu.ports_in * target.opu.ports_out * target.opu.fsr_orders
        watt = laser.terms[0][1] * 1e12
        assert t.energy.component_j("laser") == pytest.approx(watt * lasers * t.opus * t.makespan_ps * 1e-12, rel=1e-9)
    idle_w = target.electronics.idle_mw * 1e-3
    assert t.energy.component_j("electronics idle") == pytest.approx(idle_w * t.makespan_ps * 1e-12, rel=1e-9)


@pytest.mark.parametrize("spelling", [t for t in TARGETS if "idle_fraction" not in t])
def test_a_layer_is_peak_over_fill_and_duty(digits: Callable[..., Report], spelling: str) -> None:
    # hardware that draws the same whether it works or not: effective = peak / (fill x duty), PHYSICS section 3
    report = digits(spelling, 3)
    best = peak(load_target(spelling), report.totals.rails)
    for layer in report.layers:
        for boundary in ("optical", "analog", "converter"):
            if spelling == "ideal":
                expected = best.at(boundary)  # pays for multiply-accumulates only
            else:
                expected = best.at(boundary) / (layer.fill * layer.duty)
            rounding = 10 * report.energy_quantum_j * 1e15 / (2 * layer.macs)
            assert layer.mw_per_tops.at(boundary) == pytest.approx(expected, rel=1e-9, abs=rounding)


@pytest.mark.parametrize("spelling", TARGETS)
@pytest.mark.parametrize("batch", [1, 1000])
def test_never_better_than_peak(digits: Callable[..., Report], spelling: str, batch: int) -> None:
    report = digits(spelling, batch)
    for boundary in ("optical", "analog", "converter"):
        best = report.totals.peak_mw_per_tops.at(boundary)
        assert best is not None
        rows = [(report.totals.energy, report.coverage.macs_light), *((x.energy, x.macs) for x in report.layers)]
        for energy, macs in rows:
            assert energy.at(boundary) * 1e15 / (2 * macs) >= best * (1 - 1e-12) - report.energy_quantum_j * 1e15 / macs
    assert report.totals.tops <= report.totals.peak_tops
    assert all(0 < x.fill <= 1 and 0 < x.duty <= 1 for x in report.layers)


def test_peak_is_the_targets_power_table(digits: Callable[..., Report]) -> None:
    report = digits("awgr8-28g{precision.sign_scheme=two-pass}")
    figures = [report.totals.peak_mw_per_tops.at(b) for b in ("optical", "analog", "converter")]
    assert [round(f, 1) for f in figures if f is not None] == [124.3, 195.8, 488.2]
    assert round(digits().totals.peak_mw_per_tops.converter or 0) == 567  # two rails


def test_settling_of_rings_moves_latency_and_energy(digits: Callable[..., Report]) -> None:
    slow, fast = digits("awgr8-28g"), digits("awgr8-28g{ring.settle_ns=9999}")
    rounds = sum(x.rounds for x in slow.layers)
    assert slow.totals.makespan_ps - fast.totals.makespan_ps == 1000 * rounds
    assert slow.totals.energy.system_j > fast.totals.energy.system_j


def test_batch_scales(digits: Callable[..., Report]) -> None:
    one, many = digits(batch=1), digits(batch=16)
    assert many.totals.macs == 16 * one.totals.macs
    for a, b in zip(one.layers, many.layers, strict=True):
        assert b.symbols == 16 * a.symbols
        assert b.weight_writes == a.weight_writes
        assert b.energy.component_j("dac") == pytest.approx(16 * a.energy.component_j("dac"))
        assert b.energy.component_j("ring write") == pytest.approx(a.energy.component_j("ring write"))
    assert one.totals.makespan_ps < many.totals.makespan_ps < 16 * one.totals.makespan_ps
    assert (many.totals.mw_per_tops.system or 0) < (one.totals.mw_per_tops.system or 0)


def test_the_module_says_what_the_target_is(compiled: Callable[[str], tuple[Op, Target]]) -> None:
    module, target = compiled("awgr8-28g")
    assert module.attributes["helio.target"] == target.spelling
