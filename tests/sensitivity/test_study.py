"""What a study says of a moved number is what compiling for the moved hardware gives."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "compiler"))

from small_models import MODELS

from heliograph.backends import Target, load_target
from heliograph.backends.perturb import moved, moved_value, numbers
from heliograph.compiler import compile_model
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import HeliographError
from heliograph.runtime.report import Report, build_report
from heliograph.runtime.sensitivity import SCHEMA, Sensitivity, render_text, study, to_json

TARGETS = ("awgr8-28g{opu.count=2,opu.fsr_orders=2}", "dptc12-5g", "ringbank12-5g", "mzi12-5g", "netcast-wdm", "ideal")
SIZES = {"batch": 40}
# keys that change tiles, times or counts, not only prices
STRUCTURE = (
    "opu.",
    "precision.",
    "electronics.",
    "cloud.",
    "network.",
    "memory.",
    "ring.settle",
    "adc.",
    "dac.",
    "dptc.",
)


@cache
def program(spelling: str) -> tuple[Op, Target]:
    target = load_target(spelling)
    return compile_model(MODELS["gemm"](), target, dims=SIZES).module, target


@cache
def studied(spelling: str) -> Sensitivity:
    module, target = program(spelling)
    return study(module, target)


def snr_of(report: Report) -> float | None:
    return min((x.link_snr_db for x in report.layers if x.link_snr_db is not None), default=None)


@pytest.mark.parametrize("spelling", TARGETS)
def test_base_is_the_report(spelling: str) -> None:
    module, target = program(spelling)
    report, base = build_report(module, target), studied(spelling).base
    assert base.time_ps == report.totals.makespan_ps
    assert base.energy_j == pytest.approx(report.totals.energy.system_j, rel=1e-9)
    # the report rounds each line to its energy quantum, which is coarse beside the light of the ideal target
    assert base.mw_per_tops == pytest.approx(report.totals.mw_per_tops.converter, rel=1e-7)
    assert base.snr_db == snr_of(report)


@pytest.mark.parametrize("spelling", TARGETS)
def test_moved_numbers_come_to_what_a_new_compilation_gives(spelling: str) -> None:
    _, target = program(spelling)
    by_key = {p.key: p for p in studied(spelling).parameters}
    assert by_key.keys() == {q.key for q in numbers(target)}
    compared = 0
    for quantity in numbers(target):
        change = by_key[quantity.key].up
        assert change.value == moved_value(quantity, up=True)
        if change.figures is None:
            with pytest.raises(HeliographError):
                compile_model(MODELS["gemm"](), moved(target, quantity, up=True), dims=SIZES)
        elif quantity.key.startswith(STRUCTURE):
            other = moved(target, quantity, up=True)
            report = build_report(compile_model(MODELS["gemm"](), other, dims=SIZES).module, other)
            assert change.figures.time_ps == report.totals.makespan_ps, quantity.key
            assert change.figures.energy_j == pytest.approx(report.totals.energy.system_j, rel=1e-9), quantity.key
            assert change.figures.snr_db == snr_of(report), quantity.key
            compared += 1
    assert compared > 10


@pytest.mark.parametrize("spelling", TARGETS)
def test_sorted_and_explained(spelling: str) -> None:
    found = studied(spelling)
    effects = [p.effect for p in found.parameters]
    assert effects == sorted(effects, reverse=True)
    assert all(bool(p.why) == (p.effect == 0) for p in found.parameters)
    text = render_text(found, top=5, width=80)
    assert all(p.key in text for p in found.parameters if p.why)
    assert max(len(line) for line in text.splitlines()) <= 80
    moving = sum(p.effect > 0 for p in found.parameters)
    assert (f"{moving - 5} more move less" in text) == (moving > 5)
    raw = msgspec.json.decode(to_json(found))
    assert raw["schema"] == SCHEMA
    assert len(raw["parameters"]) == len(found.parameters)


def test_reasons() -> None:
    why = {p.key: p.why for p in studied(TARGETS[0]).parameters}
    assert "dram" in why["memory.dram_pj_per_bit"]
    assert "bounds" in why["awgr.fsr_nm"]
    assert why["laser.launch_power_dbm"] == ""  # 0 dBm is a power like any other
    silent = load_target("awgr8-28g{noise.jitter=false,ring.write_fj_per_bit=0}")
    module = compile_model(MODELS["gemm"](), silent, dims=SIZES).module
    why = {p.key: p.why for p in study(module, silent).parameters}
    assert why["ring.write_fj_per_bit"].startswith("it is 0")
    assert "at the other values" in why["dac.jitter_fs"]
