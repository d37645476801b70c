"""Errors of light that are the same for every detection: modulators, extinction, beats of static phase."""

from __future__ import annotations

import math

import numpy as np
import pytest
from noise_formulas import FIELDS, SWITCHES, Link, switched
from runtime_programs import kernel_spec
from test_noise_terms import error_of, operands, rms

from heliograph.backends import Target, family_of, link_budget, load_target, slice_noise
from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import KernelCall, compute, make_engine, target_noise
from heliograph.runtime.engines.random import NoiseSource

MODULATED = [name for name in SWITCHES if name != "ringbank12-5g"]
INTENSITIES = [name for name in SWITCHES if name not in FIELDS]


def row_of(target: Target, name: str) -> float:
    budget = link_budget(target)
    return next(row.rms_ua for row in budget.noise if row.name == name) / budget.i1_ua


@pytest.mark.parametrize("name", MODULATED)
def test_bare_modulator(name) -> None:
    """The code is the drive: light is off by sin^2(pi x / 2) - x, or by sin(pi x / 2) - x where it is a field."""
    x = (np.arange(100_000) + 0.5) / 100_000
    off = np.sin(np.pi * x / 2) ** (1 if name in FIELDS else 2) - x
    target = switched(name, "", "noise.modulator=sine")
    wanted = math.sqrt(target.opu.ports_in / 3) * rms(off) * (1 - Link(target, 1.0).floor)
    assert row_of(target, "modulator") == pytest.approx(wanted, rel=1e-3)
    assert rms(error_of(target)) == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize("name", MODULATED)
def test_predistortion_stretches_the_steps_of_the_converter(name) -> None:
    """d sin^2(pi v / 2) / dv = pi sqrt(x (1 - x)): pi / 2 at most, and pi^2 / 6 in the mean square."""
    bits = 6
    target = switched(name, "", f"noise.modulator=predistorted,precision.input_bits={bits}")
    even = math.sqrt(target.opu.ports_in / 3) * (1 - Link(target, 1.0).floor) / (2**bits - 1) / math.sqrt(12)
    wanted = even * math.pi / math.sqrt(6)
    assert row_of(target, "modulator") == pytest.approx(wanted, rel=1e-6)
    assert rms(error_of(target, bits=bits)) == pytest.approx(wanted, rel=0.02)
    assert rms(error_of(switched(name, ""), bits=bits)) == pytest.approx(even, rel=0.02)
    assert rms(error_of(switched(name, "", "noise.modulator=predistorted"))) < 1e-4 * target.opu.ports_in


@pytest.mark.parametrize("name", ["awgr8-28g", "mzi12-5g"])
def test_bare_modulator_before_a_converter(name) -> None:
    target = switched(name, "", "noise.modulator=sine")
    wanted = math.hypot(row_of(target, "modulator"), row_of(target, "adc"))
    assert rms(error_of(target, adc=Adc(target.adc.enob))) == pytest.approx(wanted, rel=0.03)


def test_one_lit_port_has_nothing_to_beat_with() -> None:
    target = switched("awgr8-28g", "in_band", "noise.extinction=false")
    x, w = operands("awgr8-28g", 32, ports=8, batch=3)
    x[:, :, 1:] = 0
    spec = kernel_spec(8, 32, (Quant(8, "tensor", "static"), Quant(8, "tensor", "absmax", "balanced"), Adc(9.0)))
    call = KernelCall(spec, lhs_scale=1.0)
    got = compute(make_engine("noisy", noise_of=target_noise(target)), call, x, w)
    quiet = compute(make_engine("quantized", noise_of=None), call, x, w)
    np.testing.assert_allclose(got, quiet, atol=16 / 2**9 * 1.001)  # a step of the converter


def test_steepest_step_of_a_predistorted_modulator() -> None:
    """Near x = 1/2, where the slope is pi / 2, and at the ends, where it vanishes."""
    target = switched("awgr8-28g", "", "noise.modulator=predistorted,noise.extinction=false")
    x = np.zeros((1, 20_001, 8), np.float32)
    x[0, :, 0] = np.linspace(0, 1, 20_001)
    spec = kernel_spec(8, 8, (Quant(6, "tensor", "static"), Quant(16, "tensor", "absmax", "balanced"), Adc(0.0)))
    noise_of = target_noise(target)
    got = compute(make_engine("noisy", noise_of=noise_of), KernelCall(spec, lhs_scale=1.0), x, np.eye(8)[None])[0, :, 0]
    steps = np.diff(np.unique(got)) * (2**6 - 1)
    assert len(steps) == 2**6 - 1
    assert steps.max() == pytest.approx(math.pi / 2, rel=1e-3)
    assert max(steps[0], steps[-1]) < 0.05


@pytest.mark.parametrize("name", INTENSITIES)
def test_extinction(name) -> None:
    """The light of an input of zero is known and taken away; the signal and all it is measured against shrink."""
    key = "input_ring.extinction_db" if name == "ringbank12-5g" else "mzm.extinction_db"
    constant = "amplifier" if name == "netcast-wdm" else "thermal"
    poor, none = (switched(name, constant, f"{key}=10,noise.extinction={on}") for on in ("true", "false"))
    assert slice_noise(poor).extinction_floor == pytest.approx(0.1)
    assert slice_noise(none).extinction_floor == 0
    budgets = [link_budget(target) for target in (poor, none)]
    squares = (0.1**2 + 0.1 * 0.9 + 0.9**2 / 3, 1 / 3)
    assert budgets[0].signal_rms_ua / budgets[1].signal_rms_ua == pytest.approx(math.sqrt(squares[0] / squares[1]))
    assert budgets[0].noise_rms_ua({constant}) == budgets[1].noise_rms_ua({constant})
    # `error_of` multiplies by 1 - r, which turns decoded numbers into currents again
    assert rms(error_of(poor)) == pytest.approx(row_of(none, constant), rel=0.02)
    assert rms(error_of(switched(name, "", f"{key}=10"))) < 1e-5


def fields(target: Target, seed: int, light: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Photocurrents [rows, outputs] of one tile from fields: each input of a wavelength, with its own phase, squared.

    Output q gets from input p the wavelength of the pair (p, q), and on it what the router leaks from every other
    input p', whose light on that wavelength is meant for output q + p' - p.
    """
    n = target.opu.ports_in
    near, far = (10 ** (db / 20) for db in (target.awgr.crosstalk_adjacent_db, target.awgr.crosstalk_other_db))
    pair = NoiseSource(seed).normals("phase", (), 0, 2 * n * n, n).reshape(2, n, n, n)
    phases = np.exp(1j * np.arctan2(pair[1], pair[0]))
    currents = np.zeros((len(light), n))
    for q in range(n):
        for p in range(n):
            field = np.sqrt(light[:, p] * weights[p, q]).astype(complex)
            alone = abs(field) ** 2
            for other in range(n):
                if other != p:
                    leak = near if (p - other) % n in (1, n - 1) else far
                    sent = light[:, other] * weights[other, (q + other - p) % n]
                    beat = 2 * np.real(field.conj() * leak * phases[p, other, q] * np.sqrt(sent))
                    currents[:, q] += beat
            currents[:, q] += alone
    return currents


def test_static_beats_against_fields() -> None:
    target = switched("awgr8-28g", "in_band", "precision.sign_scheme=offset", phases="static")
    draw, r = np.random.default_rng(9), Link(target, 1.0).floor
    x, w = draw.uniform(0, 1, (1, 20, 8)).astype(np.float32), draw.uniform(0, 1, (1, 8, 8)).astype(np.float32)
    w.flat[0] = 1.0
    spec = kernel_spec(8, 8, (Quant(16, "tensor", "static"), Quant(16, "tensor", "absmax"), Adc(0.0)))
    engine = make_engine("noisy", noise_of=target_noise(target), seed=4)
    got = compute(engine, KernelCall(spec, lhs_scale=1.0), x, w)[0]
    currents = fields(target, 4, r + (1 - r) * x[0].astype(float), w[0].astype(float))
    np.testing.assert_allclose(got, (currents - r * w[0].sum(0)) / (1 - r), atol=1e-3)
    assert np.abs(got - x[0] @ w[0]).max() > 0.1


def test_fast_fidelity_leaves_static_beats_to_exact() -> None:
    x, w = operands("awgr8-28g", 8, ports=8, batch=3)
    spec = kernel_spec(8, 8, (Quant(8, "tensor", "static"), Quant(8, "tensor", "absmax", "balanced"), Adc(6.0)))
    noise_of, results = target_noise(load_target("awgr8-28g{noise.in_band=static}")), []
    for fidelity in ("fast", "exact"):
        engine = make_engine("noisy", noise_of=noise_of, fidelity=fidelity, seed=1)
        results.append(compute(engine, KernelCall(spec, lhs_scale=1.0), x, w))
        assert engine.stats.fast_calls == 0
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("name", ["awgr8-28g", "awgr6-50g"])
def test_static_beats_spread_over_seeds_like_random_ones(name) -> None:
    """Over phases the mean square is that of the budget, as of random phases: 2 N sum(eps) (E[t] E[w])^2."""
    target, random = (switched(name, "in_band", phases=kind) for kind in ("static", "random"))
    assert row_of(target, "in-band") == pytest.approx(row_of(random, "in-band"))
    errors = np.array([error_of(target, seed=seed, batch=20) for seed in range(150)])
    assert rms(errors) == pytest.approx(row_of(target, "in-band"), rel=0.02)
    np.testing.assert_array_equal(error_of(target, seed=3, batch=20), errors[3])
    rows = {row.name: row.averages for row in link_budget(target).noise}
    assert rows["in-band"] is False
    assert family_of(target).tile(target).k == len(slice_noise(target).beat)
