"""Activity of a contraction against an enumeration of every tile, row, port and pass."""

from __future__ import annotations

import itertools

import pytest

from heliograph.backends import Boundary, GemmActivity, family_of, load_target, price
from heliograph.ir.core import sym
from heliograph.ir.dialects import Adc, Quant
from heliograph.ir.kernel import KernelSpec
from heliograph.runtime.report.homes import HeldUse, Homes, homes
from heliograph.runtime.report.layers import call_activity, gemm_activity

SIZES = [(1, 1, 1, 1), (1, 3, 8, 8), (2, 5, 9, 7), (3, 2, 17, 23), (1, 7, 4, 33)]
SIGNS = [("unipolar", "unipolar"), ("two-pass", "balanced"), ("two-pass", "two-pass"), ("offset", "offset")]


def spec_of(k: int, n: int, signs: tuple[str, str], repeats: int = 1, tile: tuple[int, int] = (8, 8)) -> KernelSpec:
    lhs, rhs = Quant(bits=8, signs=signs[0]), Quant(bits=8, signs=signs[1])
    return KernelSpec(sym(k), sym(n), *tile, vectors=1, lhs=lhs, rhs=rhs, adc=Adc(5.42, repeats=repeats))


def enumerate_activity(spec: KernelSpec, b: int, m: int, k: int, n: int) -> GemmActivity:
    """Visit every tile as the hardware does and count what happens at each port that carries data."""
    symbols = samples = writes = sent_anew = macs = 0
    row_passes = range(2 if spec.lhs.signs == "two-pass" else 1)
    weight_passes = range(2 if spec.rhs.signs == "two-pass" else 1)
    tiles = itertools.product(range(b), range(0, k, spec.tile_k), range(0, n, spec.tile_n), weight_passes)
    for _, first_k, first_n, weight_pass in tiles:
        inputs = range(first_k, min(first_k + spec.tile_k, k))
        outputs = range(first_n, min(first_n + spec.tile_n, n))
        writes += sum(1 for _ in inputs for _ in outputs)
        for _, row_pass, repeat in itertools.product(range(m), row_passes, range(spec.adc.repeats)):
            symbols += sum(1 for _ in inputs)
            samples += sum(1 for _ in outputs)
            sent_anew += len(inputs) * len(outputs)  # where the held operand is modulated for every step
            if weight_pass == row_pass == repeat == 0:  # the product is useful once
                macs += len(inputs) * len(outputs)
    return GemmActivity(symbols, samples, writes, macs=macs, weight_symbols=sent_anew, powered_ps=1000, rails=2)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("signs", SIGNS)
@pytest.mark.parametrize("tile", [(8, 8), (9, 4)])
def test_activity_is_exact(sizes: tuple[int, ...], signs: tuple[str, str], tile: tuple[int, int]) -> None:
    for repeats in (1, 3):
        spec = spec_of(*sizes[2:], signs, repeats, tile)
        assert gemm_activity(spec, dict(zip("bmkn", sizes, strict=True)), 1000, 2) == enumerate_activity(spec, *sizes)


def test_memory_traffic_is_counted_by_hand() -> None:
    target = load_target("awgr8-28g")
    spec = spec_of(9, 7, ("two-pass", "balanced"))
    task = gemm_activity(spec, {"b": 1, "m": 5, "k": 9, "n": 7}, 0, 2)
    activity = call_activity(target, spec, task, Homes(inputs="sram", sums="sram", weights="hbm"))
    inputs = 2 * 5 * 9  # both signs of each row once, n fits one tile
    outputs = 2 * 5 * 7 * 2  # each written for both tiles of k
    assert activity.count("memory.sram_byte") == inputs + 2 * outputs  # words written and read back
    assert activity.count("memory.hbm_byte") == 9 * 7
    assert activity.count("dac.sample") == inputs
    assert activity.count("adc.sample") == outputs
    assert activity.count("ring.write") == 2 * 9 * 7


def test_words_are_whole_bytes() -> None:
    target = load_target("awgr8-28g")
    wide = KernelSpec(sym(8), sym(8), 8, 8, 1, Quant(bits=9), Quant(bits=10), Adc(8.5))
    task = gemm_activity(wide, {"b": 1, "m": 1, "k": 8, "n": 8}, 0, 1)
    activity = call_activity(target, wide, task, Homes(inputs="hbm", sums="registers", weights="dram"))
    assert activity.count("memory.hbm_byte") == 8 * 2
    assert activity.count("memory.register_byte") == 8 * 2 * 2
    assert activity.count("memory.dram_byte") == 64 * 2


def test_worked_example_of_the_documentation() -> None:
    target = load_target("awgr8-28g")
    family = family_of(target)
    slot = 2 * (family.hold_ps(target) + family.stream_ps(target, 10)) + family.fill_ps(target)
    assert slot == 20_004_260
    spec = spec_of(9, 7, ("two-pass", "balanced"))
    task = gemm_activity(spec, {"b": 1, "m": 5, "k": 9, "n": 7}, slot, 2)
    assert (task.input_symbols, task.output_samples, task.weight_writes, task.macs) == (90, 140, 63, 315)
    use = HeldUse(spec, {"b": 1, "m": 5, "k": 9, "n": 7}, constant=True)
    bill = price(target, call_activity(target, spec, task, homes(target, use, "sram")))
    totals = [bill.total_j(b) * 1e6 for b in Boundary]
    assert totals == pytest.approx([9.48, 19.8, 40.8, 61.5], rel=0.002)
    for component, joule in {
        "laser": 6.40e-6,
        "mzm": 40.5e-12,
        "mzm idle": 2.03e-6,
        "sram": 127e-12,
        "registers": 28e-12,
    }.items():
        assert bill.component_j(component) == pytest.approx(joule, rel=0.003)
    assert bill.total_j("converter") * 1e15 / (2 * 315) == pytest.approx(64.8e6, rel=0.001)
