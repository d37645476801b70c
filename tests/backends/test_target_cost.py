"""Energy: the power table of PHYSICS section 3, bills, and what idling and reloading cost."""

from __future__ import annotations

import pytest

from heliograph.backends import (
    Activity,
    Boundary,
    ElectronicWork,
    GemmActivity,
    baselines,
    electronic_activity,
    electronics_powered,
    family_of,
    load_target,
    peak,
    price,
    traffic,
)

SEED = load_target("awgr8-28g")


def test_power_table_unipolar() -> None:
    table = peak(SEED)
    assert table.tops_per_opu == pytest.approx(3.6)
    for component, mw in {
        "laser": 320, "mzm": 101, "ring": 17.6, "photodiode": 8.8, "tia": 257, "dac": 804, "adc": 249,
    }.items():  # fmt: skip
        assert table.component_mw(component) == pytest.approx(mw, rel=0.003)
    assert round(table.at("optical"), 1) == 124.3
    assert round(table.at("analog"), 1) == 195.8
    assert round(table.at("converter"), 1) == 488.2
    assert table.component_mw("mzm idle") == table.component_mw("dac idle") == 0
    assert table.at("system") > table.at("converter")


def test_power_table_balanced() -> None:
    assert round(peak(SEED, rails=2).at("converter")) == 567


@pytest.mark.parametrize("name", ["awgr8-28g", "awgr6-50g", "awgr9x4-50g"])
def test_seed_presets_have_the_papers_throughput(name: str) -> None:
    assert peak(load_target(name)).tops_per_opu == pytest.approx(3.6)


def test_opus_and_orders_multiply() -> None:
    assert peak(load_target("awgr8-28g{opu.count=3}")).tops == pytest.approx(10.8)
    assert peak(load_target("awgr8-28g{opu.fsr_orders=2}")).tops_per_opu == pytest.approx(7.2)


def effective(settle_ns: float, vectors: int) -> float:
    """Figure in mW/TOPS at the converter boundary when every tile streams `vectors` after one reload."""
    target = load_target(f"awgr8-28g{{ring.settle_ns={settle_ns}}}")
    family = family_of(target)
    time_ps = family.hold_ps(target) + family.stream_ps(target, vectors)
    task = GemmActivity(
        input_symbols=8 * vectors, output_samples=8 * vectors, weight_writes=64, macs=64 * vectors, powered_ps=time_ps
    )
    return price(target, family.activity(target, task)).total_j("converter") / (2 * task.macs) * 1e15


@pytest.mark.parametrize(
    ("settle_ns", "vectors", "mw_per_tops"),
    [(10_000, 4096, 34_000), (10_000, 10**6, 626), (10, 4096, 522), (10, 64, 2634)],
)
def test_waiting_for_weights(settle_ns: float, vectors: int, mw_per_tops: float) -> None:
    assert effective(settle_ns, vectors) == pytest.approx(mw_per_tops, rel=0.002)


def rich_activity() -> Activity:
    family = family_of(SEED)
    task = GemmActivity(5000, 4000, 64, 30_000, 10_000_000, rails=2)
    return (
        family.activity(SEED, task)
        + electronic_activity(SEED, ElectronicWork(10, 20, 30, 40, 50))
        + electronics_powered(1000)
        + traffic(register_bytes=1, sram_bytes=2, hbm_bytes=3, dram_bytes=4, network_bits=5)
    )


def test_bills_add_and_scale() -> None:
    one = rich_activity()
    assert one + one == 2 * one
    assert price(SEED, one + one).total_j() == pytest.approx(2 * price(SEED, one).total_j())
    totals = [price(SEED, one).total_j(b) for b in Boundary]
    assert totals == sorted(totals)
    assert totals[-1] == pytest.approx(sum(line.energy_j for line in price(SEED, one).lines))


def test_nothing_is_silently_free() -> None:
    with pytest.raises(ValueError, match=r"no price for flux\.capacitor"):
        price(SEED, Activity.of({"flux.capacitor": 1}))
    with pytest.raises(ValueError, match=r"mzm\.symbol"):
        Activity.of({"mzm.symbol": -1})


@pytest.mark.parametrize(
    ("work", "pj"),
    [
        (ElectronicWork(macs=10), 15.0),
        (ElectronicWork(elementwise=10), 9.0),
        (ElectronicWork(reduce=10), 9.0),
        (ElectronicWork(transcendental=10), 90.0),
        (ElectronicWork(moved_bytes=10), 312.0),
    ],
)
def test_electronics(work: ElectronicWork, pj: float) -> None:
    assert price(SEED, electronic_activity(SEED, work)).total_j() == pytest.approx(pj * 1e-12)


def test_memory_surcharge() -> None:
    # 16 B per 64 multiply-accumulates from SRAM: 103 mW/TOPS
    per_op_j = price(SEED, traffic(sram_bytes=16)).total_j() / 128
    assert per_op_j * 1e15 == pytest.approx(103, rel=0.01)
    assert price(SEED, traffic(hbm_bytes=16)).total_j() / 128 * 1e12 == pytest.approx(3.9, rel=0.01)


def test_precision_is_paid_for() -> None:
    low = peak(load_target("awgr8-28g{precision.input_bits=6,adc.enob=4.42}"))
    assert low.component_mw("dac") < peak(SEED).component_mw("dac") / 2
    assert low.component_mw("adc") == pytest.approx(peak(SEED).component_mw("adc") / 2)


def test_ideal_is_priced_too() -> None:
    ideal = load_target("ideal")
    assert peak(ideal).at("optical") == pytest.approx(0.02)
    assert price(ideal, electronic_activity(ideal, ElectronicWork(macs=1))).total_j() > 0


def test_baselines() -> None:
    found = baselines()
    assert {b.kind for b in found} == {"measured", "filled", "peak"}
    measured = next(b for b in found if b.kind == "measured")
    assert measured.mw_per_tops / 118.6 == pytest.approx(91, rel=0.01)
    assert all(b.source and b.status for b in found)
