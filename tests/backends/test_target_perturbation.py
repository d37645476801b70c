"""No dead numbers: every numeric value of a target moves something that users see."""

from __future__ import annotations

import pytest

from heliograph.backends import (
    ElectronicWork,
    GemmActivity,
    GemmRequest,
    Target,
    electronic_activity,
    electronics_powered,
    family_of,
    home,
    link_budget,
    link_warnings,
    load_target,
    network_ps,
    peak,
    price,
    slice_noise,
    traffic,
    wavelength_plan,
)
from heliograph.backends.perturb import moved, numbers
from heliograph.ir.diagnostics import HeliographError


def everything(target: Target) -> tuple[object, ...]:
    """All figures a user can get from a target, without its own spelling and values."""
    family = family_of(target)
    work = ElectronicWork(1000, 2000, 3000, 4000, 50)
    task = GemmActivity(10**6, 10**6, 64, 10**7, 10**9, rails=2)
    rich = (
        family.activity(target, task)
        + electronic_activity(target, work)
        + electronics_powered(10**6)
        + traffic(register_bytes=9, sram_bytes=9, hbm_bytes=9, dram_bytes=9, network_bits=9)
    )
    times = (
        family.stream_ps(target, 10**6),
        family.hold_ps(target),
        family.fill_ps(target),
        family.fibre_ps(target),
        network_ps(target, 10**6),
        *(
            family.electronic_ps(target, w)
            for w in (
                ElectronicWork(macs=10**6),
                ElectronicWork(elementwise=10**6),
                ElectronicWork(reduce=10**6),
                ElectronicWork(transcendental=10**6),
                ElectronicWork(moved_bytes=10**6),
            )
        ),
    )
    return (
        peak(target),
        peak(target, 2),
        link_budget(target),
        link_warnings(target),
        slice_noise(target),
        times,
        price(target, rich),
        [home(target, nbytes) for nbytes in (4_200, 40_500_000, 43_000_000, 36_000_000_000)],  # near the capacities
        family.tile(target),
        family.precision(target),
        list(wavelength_plan(target).channels()),
        wavelength_plan(target).check(),
        family.legality(target, GemmRequest(64, 64, 64, False, False, "float")),
    )


def numeric_keys(name: str) -> list[tuple[str, str]]:
    return [(name, q.key) for q in numbers(load_target(name))]


def spell(name: str, **overrides: str) -> str:
    merged = BASE.get(name, {}) | overrides
    return f"{name}{{{','.join(f'{key}={value}' for key, value in merged.items())}}}"


def moved_somehow(name: str, key: str) -> Target:
    target = load_target(spell(name))
    quantity = next(q for q in numbers(target) if q.key == key)
    if (name, key) in STEPS:
        return load_target(spell(name, **{key: STEPS[name, key]}))
    if not quantity.value:
        return load_target(spell(name, **{key: "0.9"}))
    try:
        return moved(target, quantity, up=True)
    except HeliographError:
        return moved(target, quantity, up=False)


BASE = {
    "awgr8-28g": {"opu.fsr_orders": "2"},  # one FSR order has no use for the FSR
    # a value counts where it binds: slow modulators, a full capacitor, channels that crowd one FSR
    "netcast-wdm": {
        "server.bandwidth_ghz": "5",
        "mzm.bandwidth_ghz": "5.2",
        "integrator.swing_v": "0.01",
        "grid.fsr_nm": "1",
    },
    "mzi12-5g": {"mesh.hold_mw": "1", "cloud.fibre_km": "1"},
    "dptc12-5g": {"cloud.fibre_km": "1", "grid.fsr_nm": "5", "mzm.bandwidth_ghz": "5"},
    "ringbank12-5g": {"cloud.fibre_km": "1", "grid.fsr_nm": "5", "input_ring.bandwidth_ghz": "5"},
}

# what only the scheduler reads where nothing is held: how many banks may load ahead
ELSEWHERE = {("ideal", "opu.weight_banks"), ("dptc12-5g", "opu.weight_banks"), ("netcast-wdm", "opu.weight_banks")}
# values that must fit another one
STEPS = {("dptc12-5g", "opu.ports_in"): "24", ("dptc12-5g", "dptc.wavelengths"): "18"}
# one vector at a time: any other number is refused
ONLY_ONE = {(name, "opu.fsr_orders") for name in ("ringbank12-5g", "mzi12-5g", "netcast-wdm")}
NAMES = ("awgr8-28g", "ideal", "dptc12-5g", "ringbank12-5g", "mzi12-5g", "netcast-wdm")


@pytest.mark.parametrize(("name", "key"), [key for target in NAMES for key in numeric_keys(target)])
def test_every_number_moves_something(name: str, key: str) -> None:
    if (name, key) in ELSEWHERE:
        pytest.skip("read by the scheduler")
    if (name, key) in ONLY_ONE:
        with pytest.raises(HeliographError, match=r"opu\.fsr_orders"):
            load_target(spell(name, **{key: "2"}))
        return
    assert everything(moved_somehow(name, key)) != everything(load_target(spell(name)))


SWITCHES = [
    (name, f"{q.key}=false")
    for name in NAMES
    for q in load_target(name).quantities()
    if q.key.startswith("noise.") and q.value is True
]


@pytest.mark.parametrize(("name", "override"), SWITCHES)
def test_every_switch_moves_something(name: str, override: str) -> None:
    assert everything(load_target(f"{name}{{{override}}}")) != everything(load_target(name))


@pytest.mark.parametrize(
    "override",
    [
        "noise.shot=false",
        "noise.thermal=false",
        "noise.rin=false",
        "noise.ase=false",
        "noise.in_band=none",
        "noise.out_of_band=false",
        "noise.weight_setting=false",
        "noise.drift=false",
        "noise.isi=false",
        "noise.jitter=false",
        "laser.rin_sharing=one-pump",
        "precision.sign_scheme=offset",
        "precision.adc_range=calibrated",
        "electronics.moved_through=dram",
        "awgr.wrap=true",
    ],
)
def test_every_choice_moves_something(override: str) -> None:
    assert everything(load_target(f"awgr8-28g{{{override}}}")) != everything(load_target("awgr8-28g"))
