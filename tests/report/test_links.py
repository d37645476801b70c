"""The link budget of a report: per set of formats, with every step from laser to bits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from heliograph.backends import Target, kernel_precision, link_budget, load_target
from heliograph.ir.core import Block, Op, Region
from heliograph.ir.kernel import KernelView, build_kernel
from heliograph.runtime.report import LINK_SCHEMA, Report, build_report, links_to_json, render_links

FAMILIES = ("awgr8-28g", "dptc12-5g", "ringbank12-5g", "mzi12-5g", "netcast-wdm")


@pytest.mark.parametrize("name", FAMILIES)
def test_steps_add_up(digits: Callable[..., Report], name: str) -> None:
    report = digits(name)
    (entry,) = report.layer_links
    link = entry.link
    assert set(entry.layers) == {layer.name for layer in report.layers}
    assert sum(step.change_db for step in link.power) == pytest.approx(link.received_dbm)
    sigma = math.sqrt(sum(t.rms_ua**2 / (entry.repeats if t.averages else 1) for t in link.noise))
    assert link.snr_db == pytest.approx(20 * math.log10(link.signal_rms_ua / sigma))
    text = render_links(report, width=90)
    assert max(len(line) for line in text.splitlines()) <= 90
    for word in (*(s.name for s in link.power), *(t.name for t in link.noise), *(f.name for f in link.fibre)):
        assert word in text
    assert f"SNR {link.snr_db:.1f} dB" in text


def test_layers_of_other_bits_have_budgets_of_their_own(compiled: Callable[[str], tuple[Op, Target]]) -> None:
    module, target = compiled("awgr8-28g")
    ops = list(module.body.ops)
    place = next(i for i, op in enumerate(ops) if op.name == "func.func" and op.sym_name != "main")
    view = KernelView.of(ops[place])
    fine = replace(view.spec, adc=replace(view.spec.adc, bits=8.0, repeats=4))
    func = build_kernel(ops[place].sym_name, fine)
    made = KernelView.of(func)
    for name in ("nest", "stream"):
        getattr(made, name).attributes["timing"] = getattr(view, name).attributes["timing"]
    made.hold.attributes["slot"] = view.hold.attributes["slot"]
    ops[place] = func
    changed = Op("builtin.module", attributes=module.attributes, regions=[Region([Block([], ops)])])
    report = build_report(changed, target, dims={"batch": 1})
    assert [(e.adc_bits, e.repeats) for e in report.layer_links] in ([(5.42, 1), (8.0, 4)], [(8.0, 4), (5.42, 1)])
    wanted = link_budget(target, kernel_precision(target, fine)).snr_db
    by_kernel = {layer.kernel: layer.link_snr_db for layer in report.layers}
    assert by_kernel.pop(func.sym_name) == pytest.approx(wanted)
    assert wanted > 3 + max(by_kernel.values())  # type: ignore[type-var, operator]
    assert "detected 4 times" in render_links(report, width=100)
    assert "/ sqrt(4)" in render_links(report, width=100)


def test_json_alone(digits: Callable[..., Report]) -> None:
    raw = msgspec.json.decode(links_to_json(digits()))
    assert raw["schema"] == LINK_SCHEMA
    assert raw["layer_links"][0]["link"]["power"][0]["name"] == "launch"


def test_ideal_light_has_no_budget(digits: Callable[..., Report]) -> None:
    assert "the target is ideal" in render_links(digits("ideal"), width=80)


def test_doubts_are_told(digits: Callable[..., Report]) -> None:
    text = render_links(digits("awgr8-28g{cloud.fibre_km=20}"), width=100)
    assert "HG4005" in text
    assert "13.7 GHz" in text


def test_full_precision_has_no_formats(compiled: Callable[[str], tuple[Op, Target]]) -> None:
    module, _ = compiled("ideal")
    view = next(KernelView.of(op) for op in module.body.ops if op.name == "func.func" and op.sym_name != "main")
    assert kernel_precision(load_target("ideal"), view.spec) is None
