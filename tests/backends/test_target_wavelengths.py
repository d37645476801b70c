"""Wavelength plans: the paper's formula, collisions, aliases, guard bands."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliograph.backends import WavelengthPlan, load_target, target_names, wavelength_plan


def plan(overrides: str = "") -> WavelengthPlan:
    return wavelength_plan(load_target(f"awgr8-28g{{{overrides}}}"))


def problems(overrides: str) -> list[str]:
    found = plan(overrides).check()
    assert all(d.code == "HG4006" and d.remedy for d in found)
    return [str(d) for d in found]


@pytest.mark.parametrize("name", target_names())
def test_defaults_pass_their_own_check(name: str) -> None:
    assert wavelength_plan(load_target(name)).check() == ()


def test_the_papers_formula() -> None:
    two = plan("opu.fsr_orders=2")
    channels = list(two.channels())
    assert len(channels) == 2 * 8 * 8
    for c in channels:
        expected = 1550 + (c.input_port - c.output_port) * 0.8 + c.order * 12.8
        assert c.wavelength_nm == pytest.approx(expected)
        assert c.frequency_thz == pytest.approx(299_792.458 / expected)
    assert two.check() == ()


def test_cyclic_plan_reuses_n_channels() -> None:
    cyclic = plan("awgr.wrap=true,awgr.fsr_nm=6.4,opu.fsr_orders=3")
    assert cyclic.check() == ()
    assert len({round(c.wavelength_nm, 6) for c in cyclic.channels()}) == 3 * 8


def test_wrapped_channels_need_the_exact_fsr() -> None:
    (problem,) = problems("awgr.wrap=true")
    assert "12.8 nm is not 8 channels" in problem
    assert "awgr.fsr_nm=6.4" in problem


def test_orders_need_room_for_all_ports() -> None:
    (problem,) = problems("opu.fsr_orders=2,awgr.fsr_nm=6.4")
    assert "channels -7 to 7 need" in problem
    assert "awgr.wrap=true with awgr.fsr_nm=6.4" in problem
    assert plan("awgr.fsr_nm=6.4").check() == ()  # one order only: nothing to separate


def test_fsr_smaller_than_the_channels_of_a_port() -> None:
    (problem,) = problems("opu.fsr_orders=2,awgr.fsr_nm=4")
    assert "lie 0.000 nm apart" in problem
    (alias,) = problems("awgr.fsr_nm=4")
    assert "also reaches output 5" in alias


def test_guard_band() -> None:
    assert plan().check(guard_ghz=70) == ()
    (found,) = plan().check(guard_ghz=80)
    assert "71.7 GHz" in found.message


@settings(max_examples=60)
@given(
    st.integers(2, 9), st.integers(2, 9), st.integers(1, 3), st.integers(1, 30), st.booleans()
)  # fsr in units of half a channel
def test_a_plan_that_passes_has_no_collision(n_in: int, n_out: int, orders: int, fsr: int, wrap: bool) -> None:
    """Brute force over all pairs: wherever `check` is silent, wavelengths at each port are apart."""
    candidate = plan(
        f"opu.ports_in={n_in},opu.ports_out={n_out},opu.fsr_orders={orders},"
        f"awgr.fsr_nm={fsr * 0.4},awgr.wrap={str(wrap).lower()}"
    )
    if candidate.check():
        return
    channels = list(candidate.channels())
    for port in ("input_port", "output_port"):
        for number in {getattr(c, port) for c in channels}:
            here = sorted(c.wavelength_nm for c in channels if getattr(c, port) == number)
            assert all(b - a > 0.3 for a, b in itertools.pairwise(here))
