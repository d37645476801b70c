"""Coherent array: operands of both kinds and signs, steps of several symbols, homodyne noise."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from heliograph.backends import (
    GemmActivity,
    GemmRequest,
    Tile,
    family_of,
    link_budget,
    load_target,
    peak,
    price,
    slice_noise,
)
from heliograph.ir.diagnostics import HeliographError

DPTC = load_target("dptc12-5g")
FAMILY = family_of(DPTC)
OFF = ",".join(f"noise.{n}=false" for n in ("shot", "thermal", "rin", "phase", "encoding", "isi", "jitter"))


def only(name: str, more: str = "") -> float:
    switches = OFF.replace(f"noise.{name}=false", f"noise.{name}=true")
    budget = link_budget(load_target(f"dptc12-5g{{{switches}{more}}}"))
    (row,) = (r for r in budget.noise if r.name != "adc")
    return row.rms_ua


def test_throughput_and_tile() -> None:
    assert peak(DPTC).tops_per_opu == pytest.approx(2 * 12**3 * 5e-3)
    assert peak(DPTC).tops == pytest.approx(138.24)
    assert FAMILY.tile(DPTC) == Tile(36, 12, 12)
    assert FAMILY.stream_ps(DPTC, 1000) == 600_000  # three symbols of 200 ps each
    assert FAMILY.hold_ps(DPTC) == 0
    assert FAMILY.fill_ps(DPTC) == 1000 + 100 + 100 + 2000 + 400


def test_both_operands_may_be_computed_and_signed() -> None:
    assert FAMILY.legality(DPTC, GemmRequest(64, 197, 197, False, False, "float")) is None
    precision = FAMILY.precision(DPTC)
    assert precision is not None
    assert precision.passes(input_signed=True, weight_signed=True) == 1


def test_operands_are_modulated_for_every_step() -> None:
    # 25 rows are three steps: each of the 36 x 12 weights goes out three times
    task = GemmActivity(25 * 36, 25 * 12, 36 * 12, 25 * 36 * 12, 10**6)
    activity = FAMILY.activity(DPTC, task)
    assert activity.count("weight_dac.sample") == 3 * 36 * 12
    assert activity.count("mzm.symbol") == 25 * 36 + 3 * 36 * 12
    told = FAMILY.activity(DPTC, dataclasses.replace(task, weight_symbols=7))
    assert told.count("weight_dac.sample") == 7
    assert price(DPTC, activity).component_j("weight dac") == pytest.approx(3 * 36 * 12 * 50 / 14 * 1e-12)


def test_light_by_hand() -> None:
    budget = link_budget(DPTC)
    assert budget.received_dbm == pytest.approx(-1.2 - 1.86 - 10 * math.log10(12) - 0.4 - 0.33 - 0.33)
    power_w = 10 ** (budget.received_dbm / 10) * 1e-3
    assert budget.i1_ua == pytest.approx(2 * power_w / 3 * 1e6)  # mean over three symbols


def test_homodyne_product_against_fields() -> None:
    """Two fields on a coupler and two photodiodes: the currents differ by 2 R sqrt(P_x P_w) x w cos(dphi)."""
    draw = np.random.default_rng(3)
    x, w, phi = draw.uniform(-1, 1, 1000), draw.uniform(-1, 1, 1000), draw.normal(0, 0.1, 1000)
    power = 32e-6
    ex, ew = np.sqrt(power) * x, np.sqrt(power) * w * np.exp(1j * phi)
    plus, minus = abs(ex + ew) ** 2 / 2, abs(ex - ew) ** 2 / 2
    np.testing.assert_allclose(plus - minus, 2 * power * x * w * np.cos(phi), atol=1e-18)


def test_noise_terms_against_monte_carlo() -> None:
    draw, trials = np.random.default_rng(4), 100_000
    x, w = draw.uniform(-1, 1, (trials, 36)), draw.uniform(-1, 1, (trials, 36))
    unit = link_budget(DPTC).i1_ua
    clean = (x * w).sum(1)
    phases = np.cos(draw.normal(0, math.radians(20), (trials, 36)))
    error = (x * w * (phases - phases.mean())).sum(1).std()
    assert unit * error == pytest.approx(only("phase", ",dptc.phase_error_deg=20"), rel=0.08)  # fourth order in phase
    both = (1 + draw.normal(0, 0.03, x.shape)) * (1 + draw.normal(0, 0.03, x.shape))
    assert unit * ((x * w * both).sum(1) - clean).std() == pytest.approx(only("encoding"), rel=0.02)


def test_shot_noise_against_poisson() -> None:
    charge, q = np.random.default_rng(5), 1.602176634e-19
    window = 1 / (2 * 0.7 * 5e9 / 3)  # of a receiver with the noise bandwidth of one step
    budget = link_budget(DPTC)
    power_w = 10 ** (budget.received_dbm / 10) * 1e-3
    electrons = 2 * 12 * power_w / 3 * window / q + 2 * 60e-9 * window / q
    counts = charge.poisson(electrons, 200_000)
    assert counts.std() * q / window * 1e6 == pytest.approx(only("shot"), rel=0.02)


def test_combs_fluctuate_together() -> None:
    one = slice_noise(load_target("dptc12-5g"))
    own = slice_noise(load_target("dptc12-5g{laser.rin_sharing=independent}"))
    assert one.c2 == pytest.approx(10**-14.5 * 0.7 * 5e9 / 3)
    assert own.c2 == 0
    assert own.c3 - one.c3 == pytest.approx(10**-14.5 * 0.7 * 5e9)


@pytest.mark.parametrize(
    "override", ["opu.ports_in=35", "precision.sign_scheme=offset", "dptc.wavelengths=0", "ring.loss_db=1"]
)
def test_impossible_arrays(override: str) -> None:
    with pytest.raises(HeliographError):
        load_target(f"dptc12-5g{{{override}}}")
