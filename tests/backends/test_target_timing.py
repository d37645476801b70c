"""Timing in exact picoseconds, tiles, and what light may take."""

from __future__ import annotations

import pytest

from heliograph.backends import ElectronicWork, GemmRequest, Tile, family_of, load_target, network_ps

SEED = load_target("awgr8-28g")
AWGR = family_of(SEED)


def test_streaming_rounds_up_once() -> None:
    assert AWGR.stream_ps(SEED, 0) == 0
    assert AWGR.stream_ps(SEED, 1) == 36  # 35.55...
    assert AWGR.stream_ps(SEED, 9) == 320
    assert AWGR.stream_ps(SEED, 9 * 10**20) == 320 * 10**20
    tenth = load_target("awgr8-28g{opu.symbol_rate_gbd=0.1}")
    assert AWGR.stream_ps(tenth, 3) == 30_000  # 0.1 means one tenth, exactly


def test_hold_fibre_fill() -> None:
    assert AWGR.hold_ps(SEED) == 10_000_000
    assert AWGR.hold_ps(load_target("awgr8-28g{ring.settle_ns=10}")) == 10_000
    assert AWGR.fibre_ps(SEED) == 24_500_000
    # DAC 1000, chip 50, TIA 30, ADC 2000, walk-off 16.7 x 5 x 5.6
    assert AWGR.fill_ps(SEED) == 3080 + 468
    far = load_target("awgr8-28g{cloud.fibre_km=20}")
    assert AWGR.fill_ps(far) == 3080 + 1871  # 1.87 ns of walk-off over 20 km


def test_electronics_take_the_longer_of_compute_and_memory() -> None:
    assert AWGR.electronic_ps(SEED, ElectronicWork()) == 100_000
    assert AWGR.electronic_ps(SEED, ElectronicWork(macs=10**6, launches=0)) == 100_000
    assert AWGR.electronic_ps(SEED, ElectronicWork(macs=10**6, moved_bytes=10**6, launches=0)) == 1_000_000
    total = ElectronicWork(elementwise=5, launches=1) + ElectronicWork(transcendental=7, launches=2)
    assert AWGR.electronic_ps(SEED, total) == 300_033
    assert network_ps(SEED, 400_000) == 1_000_000


def test_tiles() -> None:
    assert AWGR.tile(load_target("awgr9x4-50g{opu.fsr_orders=2}")) == Tile(9, 4, 2)
    ideal = load_target("ideal")
    assert family_of(ideal).tile(ideal).k >= 1024
    assert family_of(ideal).hold_ps(ideal) == family_of(ideal).fill_ps(ideal) == 0


@pytest.mark.parametrize("name", ["awgr8-28g", "ideal"])
def test_legality(name: str) -> None:
    target = load_target(name)
    family = family_of(target)

    def ask(element: str = "float", k: int | None = 16, rhs_constant: bool = True) -> str | None:
        return family.legality(target, GemmRequest(k, 4, None, False, rhs_constant, element))

    for element in ("float", "double", "float16", "bfloat16", "int8", "uint8", "int32"):
        assert ask(element) is None
    assert ask(rhs_constant=False) is None
    assert ask(k=None) is None
    for element in ("complex64", "string", "bool"):
        assert element in (ask(element) or "")
    assert "k = 0" in (ask(k=0) or "")
