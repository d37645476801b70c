"""Published results, within the tolerance each allows; docs/validation.md is what the comparisons say now."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path

import pytest

from heliograph.backends.conventions.gemms import Gemm
from heliograph.runtime.report import render_text

_SPEC = importlib.util.spec_from_file_location("golden_validation", Path(__file__).with_name("validation.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
validation = importlib.util.module_from_spec(_SPEC)
sys.modules["golden_validation"] = validation
_SPEC.loader.exec_module(validation)

SLOW = ("deit_base_197", "bert_large_320")
QUICK = [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in validation.WORKLOADS]


def test_page_is_up_to_date() -> None:
    """And every difference on it is within its tolerance."""
    assert [row for row in validation.everything() if abs(row.off) > row.tolerance] == []
    assert validation.PAGE.read_text("utf-8") == validation.page(), "run python tests/golden/validation.py --write"


@pytest.mark.parametrize("name", validation.WORKLOADS)
def test_the_tables_own_lists_agree_to_rounding(name: str) -> None:
    workload = validation.WORKLOADS[name]
    for design, (target, bits) in validation.DESIGNS.items():
        table = validation.lt_cost(workload.gemms(), validation.load_target(target), bits, workload.others())
        mj, ms = validation.PUBLISHED["lightening_transformer"]["totals"][name][design]
        assert (table.energy_mj, table.latency_ms) == pytest.approx((mj, ms), rel=5e-4)


@pytest.mark.parametrize("name", QUICK)
def test_programs_multiply_what_the_table_lists(name: str) -> None:
    workload = validation.WORKLOADS[name]
    listed, h, tokens = _columns(workload.gemms()), workload.width, workload.tokens
    if not workload.patches:  # BERT: three products instead of one, and a pooler
        del listed["qkv", 1, 3 * h, h, tokens, "linear"]
        listed["qkv", 1, h, h, tokens, "linear"] = 3 * workload.blocks
        listed["pooler", 1, h, h, 1, "linear"] = 1
    assert _columns(validation.contractions(name, validation.spelling("dptc_8bit"))) == listed
    assert _columns(validation.contractions(name, validation.spelling("ring_bank_4bit"))) == listed
    rings = validation.report(name, validation.spelling("ring_bank_4bit")).layers
    mixing = sum(layer.input_signs == "unipolar" for layer in rings)  # attention weights: what is counted as values
    assert mixing == workload.blocks
    mesh = validation.contractions(name, validation.spelling("mzi_mesh_4bit"))
    assert _columns(mesh) == Counter({row: times for row, times in listed.items() if row[-1] == "linear"})
    left = validation.report(name, validation.spelling("mzi_mesh_4bit")).coverage
    assert left.electronic_ops["MatMul"] == 2 * workload.blocks
    assert left.macs == sum(row[1] * row[2] * row[3] * row[4] * times for row, times in listed.items())


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("design", validation.DESIGNS)
def test_the_option_of_the_target(name: str, design: str) -> None:
    """Reports of the programs say what the simulator says, but for its non-linear layers, below 0.3 %."""
    report = validation.report(name, validation.spelling(design))
    found, whole = report.published, validation.lt(name, design)
    assert found.conventions == "lightening-transformer"
    mj, ms = validation.PUBLISHED["lightening_transformer"]["totals"][name][design]
    if design.startswith("mzi"):  # its total counts a row twice, at the attention that it skips
        mj -= next(row.energy_mj for row in whole.rows if row.name == "qkv")
        ms -= next(row.latency_ms for row in whole.rows if row.name == "qkv")
    assert (found.energy_j * 1e3, found.latency_s * 1e3) == pytest.approx((mj, ms), rel=0.01)


def test_our_own_rules_are_the_default() -> None:
    assert validation.report("deit_tiny_197", "dptc12-5g").published is None


def test_the_report_says_it_in_words() -> None:
    report = validation.report("deit_tiny_197", validation.spelling("dptc_8bit"))
    assert "1.20 mJ and 19.4 us by the rules of lightening-transformer" in render_text(report, width=100)


def _columns(gemms: list[Gemm]) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for g in gemms:
        found[g.row, g.copies, g.m, g.k, g.n, g.kind] += g.repeats
    return found


def test_light_code_moves_what_is_published_of_gpt2() -> None:
    """Counts, not energies: local memories are read and written as often as published, to 25 in 6,918,950."""
    published = validation.PUBLISHED["light_code"]["gpt2"]
    for unit in ("light", "gpu"):
        found = validation.light_code("gpt2", light=unit == "light")
        assert (found.local, found.sram) == pytest.approx((published[unit]["local"], published[unit]["sram"]), rel=5e-6)


def test_the_comparison_would_notice() -> None:
    target = validation.load_target
    base = validation.WORKLOADS["deit_base_197"]
    right = validation.lt_cost(base.gemms(), target("dptc12-5g"), 4).energy_mj
    wrong = validation.lt_cost(base.gemms(), target("dptc12-5g{memory.dram_pj_per_bit=3.95}"), 4).energy_mj
    assert wrong / right - 1 > 0.002


def test_other_families_are_refused() -> None:
    with pytest.raises(ValueError, match="'awgr' is none of coherent"):
        validation.lt_cost([], validation.load_target("awgr8-28g"), 8)
