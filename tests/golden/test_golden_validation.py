"""Published results, within the tolerance each allows; docs/validation.md is what the comparisons say now."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("golden_validation", Path(__file__).with_name("validation.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
validation = importlib.util.module_from_spec(_SPEC)
sys.modules["golden_validation"] = validation
_SPEC.loader.exec_module(validation)

ROWS = [*validation.lightening_transformer(), *validation.light_code_rows(), *validation.others()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.what} {row.unit}")
def test_published_figures(row: validation.Row) -> None:  # type: ignore[name-defined]
    assert abs(row.off) <= row.tolerance


def test_page_is_up_to_date() -> None:
    assert validation.PAGE.read_text("utf-8") == validation.page(), "run python tests/golden/validation.py --write"


def test_the_comparison_would_notice() -> None:
    target = validation.load_target
    base = validation.WORKLOADS["deit_base_197"]
    right = validation.lt_cost(base.gemms(), target("dptc12-5g"), 4).energy_mj
    wrong = validation.lt_cost(base.gemms(), target("dptc12-5g{memory.dram_pj_per_bit=3.95}"), 4).energy_mj
    assert wrong / right - 1 > 0.002


def test_other_families_are_refused() -> None:
    with pytest.raises(ValueError, match="'awgr' is none of coherent"):
        validation.lt_cost([], validation.load_target("awgr8-28g"), 8)
