"""Capacities of memories decide where operands live, and so what moving them costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from heliograph.backends import home, load_target
from heliograph.ir.core import sym
from heliograph.ir.dialects import Adc, Quant
from heliograph.ir.kernel import KernelSpec
from heliograph.runtime.report import Report, render_text
from heliograph.runtime.report.homes import HeldUse, homes, resident

KIB, MIB, GIB = 2**10, 2**20, 2**30
SPEC = KernelSpec(sym("k"), sym("n"), 8, 8, 1, Quant(bits=8), Quant(bits=8), Adc(8.0))


def use(m: int, k: int, n: int, *, constant: bool = True) -> HeldUse:
    return HeldUse(SPEC, {"b": 1, "m": m, "k": k, "n": n}, constant)


@pytest.mark.parametrize(
    ("nbytes", "level"),
    [(0, "registers"), (4 * KIB, "registers"), (4 * KIB + 1, "sram"), (40 * MIB, "sram"), (40 * MIB + 1, "hbm"),
     (32 * GIB, "hbm"), (32 * GIB + 1, "dram")],
)  # fmt: skip
def test_the_smallest_level_with_room(nbytes: int, level: str) -> None:
    target = load_target("awgr8-28g")
    assert home(target, nbytes) == level
    assert home(target, nbytes, least="hbm") == ("dram" if level == "dram" else "hbm")


def test_operands_of_a_layer() -> None:
    target = load_target("awgr8-28g")
    assert homes(target, use(512, 8, 8), "sram").sums == "registers"
    assert homes(target, use(513, 8, 8), "sram").sums == "sram"
    assert homes(target, use(40 * KIB, KIB, 8), "sram").inputs == "sram"
    assert homes(target, use(40 * KIB + 1, KIB, 8), "sram").inputs == "hbm"
    made = use(8, 8 * KIB, 8 * KIB, constant=False)
    assert homes(target, made, "sram").weights == "hbm"
    assert homes(target, use(8, 8 * KIB, 8 * KIB), "dram").weights == "dram"


def test_weights_stay_in_sram_beside_the_neediest_layer() -> None:
    target, value = load_target("awgr8-28g"), object()
    rows = use(KIB, KIB, 20 * KIB)  # 20 MiB of weights, 1 MiB of inputs, 8 KiB of sums
    assert rows.passing(target) == MIB + 8 * KIB
    once = resident(target, [(value, rows), (value, rows)])  # type: ignore[list-item]
    assert (once.nbytes, once.level) == (20 * MIB, "sram")
    twice = resident(target, [(value, rows), (object(), rows)])  # type: ignore[list-item]
    assert (twice.nbytes, twice.level) == (40 * MIB, "hbm")


def test_a_report_says_where_weights_are_and_pays_for_it(digits: Callable[..., Report]) -> None:
    energy = {}
    for level, room in {
        "sram": "",
        "hbm": "{memory.sram_mib=0.32}",
        "dram": "{memory.sram_mib=0.32,memory.hbm_gib=0.0001}",
    }.items():
        report = digits(f"awgr8-28g{room}")
        assert report.weights.level == level
        assert f"in {level.upper()} from run to run" in render_text(report, width=100)
        assert {layer.memory.weights for layer in report.layers} == {level}
        lines = report.totals.light_energy
        energy[level] = lines.component_j(level)
        moved = sum(layer.weight_writes * layer.runs for layer in report.layers)
        if level != "sram":
            price = load_target("awgr8-28g").memory.hbm_pj_per_bit if level == "hbm" else 5.0
            assert lines.component_j(level) == pytest.approx(moved * 8 * price * 1e-12, rel=1e-6)
    assert energy["sram"] < energy["hbm"] < energy["dram"]
