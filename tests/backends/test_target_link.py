"""Link budget, noise of a slice, and feasibility, against PHYSICS section 4."""

from __future__ import annotations

import dataclasses
import math
import random

import pytest

from heliograph.backends import family_of, link_budget, link_warnings, load_target, slice_noise
from heliograph.backends.link import LinkBudget
from heliograph.ir.diagnostics import Severity

WORKED = (
    "opu.symbol_rate_gbd=50,path.roadm_adds=0,path.roadm_expresses=0,cloud.fibre_km=0,"
    "precision.adc_range=calibrated,precision.sign_scheme=offset,noise.isi=false,noise.drift=false,noise.jitter=false"
)


def worked(more: str = "path.amplifiers=0") -> LinkBudget:
    return link_budget(load_target(f"awgr8-28g{{{WORKED},{more}}}"))


def rms(budget: LinkBudget, name: str) -> float:
    return next(row.rms_ua for row in budget.noise if row.name == name)


def test_worked_example_levels() -> None:
    budget = worked()
    assert budget.received_dbm == pytest.approx(-10.95)
    assert [row.label for row in budget.power if row.change_db] == ["modulator", "ring", "coupling", "router"]
    assert budget.p1_uw == pytest.approx(80.4, abs=0.05)
    assert budget.full_scale_ua == pytest.approx(643, abs=0.5)
    assert budget.mean_ua == pytest.approx(162, abs=0.5)
    assert budget.signal_rms_ua == pytest.approx(49.6, abs=0.05)
    assert budget.bandwidth_ghz == pytest.approx(35)
    assert budget.osnr_db is None


@pytest.mark.parametrize(
    ("name", "ua"),
    [
        ("shot", 1.35), ("thermal", 3.16), ("rin", 0.80), ("out-of-band", 0.41),
        ("weight setting", 0.36), ("adc", 2.68), ("in-band", 10.34),
    ],
)  # fmt: skip
def test_worked_example_noise(name: str, ua: float) -> None:
    assert rms(worked(), name) == pytest.approx(ua, abs=0.006)


@pytest.mark.parametrize(("osnr_db", "ua"), [(35, 3.2), (30, 5.7)])
def test_worked_example_ase(osnr_db: float, ua: float) -> None:
    # one amplifier fed with -3.95 dBm: OSNR = 57.95 - 3.95 - NF
    budget = worked(f"path.amplifiers=1,edfa.noise_figure_db={54.003 - osnr_db}")
    assert budget.osnr_db == pytest.approx(osnr_db, abs=0.01)
    assert rms(budget, "signal-ase") == pytest.approx(ua, abs=0.05)


def test_worked_example_ratios() -> None:
    budget = worked("path.amplifiers=1,edfa.noise_figure_db=24.0")
    receiver = {"shot", "thermal", "rin"}
    static = receiver | {"adc", "weight setting", "out-of-band"}
    for names, snr, bits in (
        (receiver, 23.0, 5.7),
        (static, 20.9, 5.4),
        (static | {"in-band"}, 12.9, 4.0),
        (static | {"in-band", "signal-ase"}, 11.9, 3.9),
    ):
        assert budget.snr_db_of(names) == pytest.approx(snr, abs=0.05)
        assert budget.full_scale_bits_of(names) == pytest.approx(bits, abs=0.06)
    without = link_budget(load_target(f"awgr8-28g{{{WORKED},path.amplifiers=0,noise.in_band=none}}"))
    assert without.enob == pytest.approx(3.2, abs=0.05)


@pytest.mark.parametrize(("dbm", "snr_db"), [(-10, 3.8), (-5, 13.4), (0, 20.9), (5, 24.1)])
def test_worked_example_launch_power(dbm: float, snr_db: float) -> None:
    budget = worked(f"path.amplifiers=0,noise.in_band=none,laser.launch_power_dbm={dbm}")
    assert budget.snr_db == pytest.approx(snr_db, abs=0.06)


def test_repeats_average_what_is_drawn() -> None:
    one, many = worked(), worked("path.amplifiers=0,precision.repeats=4")
    assert many.snr_db_of({"thermal"}) - one.snr_db_of({"thermal"}) == pytest.approx(6.02, abs=0.01)
    assert many.snr_db_of({"weight setting"}) == one.snr_db_of({"weight setting"})


def test_amplifiers_restore_the_network() -> None:
    seed = link_budget(load_target("awgr8-28g"))
    assert seed.received_dbm == pytest.approx(-10.95)
    assert seed.osnr_db == pytest.approx(57.95 - 3.95 - 14.5 - 6 - 3.01, abs=0.02)
    bare = link_budget(load_target("awgr8-28g{path.amplifiers=0}"))
    assert bare.received_dbm == pytest.approx(-10.95 - 29)


OFF = (
    "noise.shot=false,noise.thermal=false,noise.rin=false,noise.ase=false,noise.in_band=none,noise.out_of_band=false,"
    "noise.weight_setting=false,noise.drift=false,noise.isi=false,noise.jitter=false"
)


def only(switch: str, more: str = "") -> dict[str, object]:
    """Slice noise of the seed's target with one term on, as a dict without ADC and extinction."""
    spelled = ",".join(part for part in OFF.split(",") if not part.startswith(switch))
    noise = slice_noise(load_target(f"awgr8-28g{{{spelled}{more}}}"))
    return {k: v for k, v in dataclasses.asdict(noise).items() if k in TERMS}


TERMS = ("c0", "c1", "c2", "c3", "leak", "weight_sigma", "isi")
IN_BAND = 2 * (2 * 10**-2.25 + 5 * 10**-3) / 7  # per pair of two inputs
Q, I1, BE = 1.602176634e-19, 10**-1.095 * 1e-3, 0.7 * 28.125e9


@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        ("noise.shot", {"c0": 2 * Q * 60e-9 * BE / I1**2 * 2, "c1": 2 * Q * BE / I1}),
        ("noise.thermal", {"c0": 16.9e-12**2 * BE / I1**2 * 2}),
        ("noise.rin", {"c3": 10**-14.5 * BE}),
        ("noise.in_band", {"c2": IN_BAND, "c3": -IN_BAND}),
        ("noise.weight_setting", {"weight_sigma": 2**-8.5}),
        ("noise.drift", {"weight_sigma": 1.299 * 0.075 * 0.005 / (1550 / 5000)}),
        ("noise.isi", {"isi": math.exp(-2 * math.pi * 35 / 28.125)}),
        ("noise.jitter", {"c3": (2 * math.pi * 28.125e9 / 2 * 50e-15) ** 2}),
    ],
)
def test_each_switch_brings_its_own_term(switch: str, expected: dict[str, float]) -> None:
    found = only(switch)
    for key, value in found.items():
        if key == "leak":
            assert not any(map(any, value))
        else:
            assert value == pytest.approx(expected.get(key, 0.0), rel=1e-3, abs=0)


def test_one_pump_noise_is_common() -> None:
    found = only("noise.rin", ",laser.rin_sharing=one-pump")
    assert (found["c2"], found["c3"]) == (pytest.approx(10**-14.5 * BE), 0)


def test_ase_terms() -> None:
    found = only("noise.ase")
    osnr = 10 ** (link_budget(load_target("awgr8-28g")).osnr_db / 10)
    assert found["c3"] == pytest.approx(2 * BE / (osnr * 12.5e9))
    density = 1 / (2 * osnr * 12.5e9)
    assert found["c0"] == pytest.approx(8 * 4 * density**2 * (2 * 60e9 - BE) * BE)


def test_leak_matrix() -> None:
    leak = only("noise.out_of_band")["leak"]
    assert leak[0] == pytest.approx([0, 10**-2.25, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 10**-2.25])
    assert all(leak[a][b] == leak[b][a] for a in range(8) for b in range(8))
    nine_by_four = slice_noise(load_target("awgr9x4-50g")).leak
    assert (len(nine_by_four), nine_by_four[0][3]) == (4, pytest.approx(1e-3))


def test_budget_and_slice_agree() -> None:
    """Monte Carlo over uniform operands: the budget's random rows are the mean of the slice's variance."""
    target = load_target("awgr8-28g{precision.sign_scheme=offset}")
    noise, budget = slice_noise(target), link_budget(target)
    draw, floor, found = random.Random(1), noise.extinction_floor, []
    for _ in range(20_000):
        t = [floor + (1 - floor) * draw.random() for _ in range(8)]
        w = [draw.random() for _ in range(8)]
        products = [a * b for a, b in zip(t, w, strict=True)]
        found.append(noise.variance(sum(products), sum(p * p for p in products)))
    random_rows = [r for r in budget.noise if r.averages]
    expected = sum(row.rms_ua**2 for row in random_rows) / budget.i1_ua**2
    assert sum(found) / len(found) == pytest.approx(expected, rel=0.02)


def test_in_band_formula_against_fields() -> None:
    """Field-level Monte Carlo of equal leaks with random phases gives 2 sum(eps) / N of the squared total."""
    draw, eps, ports, trials = random.Random(2), 1e-3, 8, 4000
    squares = 0.0
    for _ in range(trials):
        beat = 0.0
        for _channel in range(ports):
            for _leak in range(ports - 1):
                beat += 2 * math.sqrt(eps) * math.cos(draw.uniform(0, 2 * math.pi))
        squares += beat**2
    assert squares / trials / ports**2 == pytest.approx(2 * (ports - 1) * eps / ports, rel=0.1)


def test_adc_ranges() -> None:
    def adc(text: str) -> tuple[float, float, float]:
        noise = slice_noise(load_target(f"awgr8-28g{{{text}}}"))
        return noise.adc_low, noise.adc_high, noise.adc_step

    assert adc("precision.sign_scheme=offset") == pytest.approx((0, 8, 8 / 2**5.42))
    assert adc("precision.sign_scheme=two-pass") == pytest.approx((0, 8, 8 / 2**5.42))
    assert adc("precision.sign_scheme=balanced") == pytest.approx((-8, 8, 16 / 2**5.42))
    low, high, step = adc("precision.sign_scheme=balanced,precision.adc_range=calibrated")
    assert low == -high
    assert high < 8
    assert step == pytest.approx(2 * high / 2**5.42)


def test_precision_given_replaces_the_targets() -> None:
    target = load_target("awgr8-28g")
    precision = family_of(target).precision(target)
    assert precision is not None
    assert (precision.rails, precision.adc_bits) == (2, 5.42)
    other = dataclasses.replace(precision, adc_bits=8.0)
    assert slice_noise(target, other).adc_step == pytest.approx(16 / 256)


@pytest.mark.parametrize(
    ("scheme", "passes"), [("balanced", (1, 2, 1, 2)), ("offset", (1, 1, 1, 1)), ("two-pass", (1, 2, 2, 4))]
)
def test_passes(scheme: str, passes: tuple[int, ...]) -> None:
    target = load_target(f"awgr8-28g{{precision.sign_scheme={scheme}}}")
    precision = family_of(target).precision(target)
    assert precision is not None
    signs = [(False, False), (True, False), (False, True), (True, True)]
    assert tuple(precision.passes(input_signed=i, weight_signed=w) for i, w in signs) == passes


def test_ideal_has_no_noise() -> None:
    ideal = load_target("ideal")
    noise = slice_noise(ideal)
    assert noise.variance(8, 8) == noise.adc_step == noise.weight_sigma == noise.isi == 0
    assert link_budget(ideal).snr_db == math.inf
    assert family_of(ideal).precision(ideal) is None
    assert link_warnings(ideal) == ()


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ("cloud.fibre_km=20", "13.7 GHz"),
        ("cloud.fibre_km=40", "9.7 GHz"),
        ("ring.q_factor=20000", "Q = 20000"),
        ("awgr.passband_ghz=20", "20 GHz per channel"),
        ("laser.launch_power_dbm=-25", "below the noise"),
    ],
)
def test_doubtful_links_warn_with_numbers(overrides: str, words: str) -> None:
    found = link_warnings(load_target(f"awgr8-28g{{{overrides}}}"))
    assert [d.code for d in found] == ["HG4005"] * len(found)
    assert any(words in d.message for d in found)
    assert all(d.severity is Severity.WARNING and d.remedy for d in found)


def test_no_photons_is_an_error() -> None:
    found = link_warnings(load_target("awgr8-28g{path.amplifiers=0,cloud.fibre_km=400}"))
    assert Severity.ERROR in {d.severity for d in found}


@pytest.mark.parametrize(("km", "null_ghz"), [(2, 43), (10, 19), (20, 13.7), (40, 9.7)])
def test_what_distance_does(km: int, null_ghz: float) -> None:
    rows = {r.label: r.value for r in link_budget(load_target(f"awgr8-28g{{cloud.fibre_km={km}}}")).fibre}
    assert rows["dispersion null"] == pytest.approx(null_ghz, rel=0.02)
    assert rows["latency"] == pytest.approx(4.9 * km)
    assert rows["walk-off of the outermost wavelengths"] == pytest.approx(16.7 * km * 5.6)
    assert rows["skew registers"] == pytest.approx(16.7 * km * 5.6e-3 * 28.125)
    assert link_budget(load_target("dptc12-5g")).fibre == ()


def test_default_link_is_clean() -> None:
    assert link_warnings(load_target("awgr8-28g")) == ()
