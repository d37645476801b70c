"""Noise of the engine against its formulas."""

import numpy as np
import pytest
from runtime_programs import kernel_spec
from test_engine_random import ks_distance

from heliograph.ir.dialects import Adc, Quant
from heliograph.runtime.engines import AnalogEngine, KernelCall, Noise, compute

LHS, RHS = Quant(8, "tensor", "static", "two-pass"), Quant(8, "tensor", "absmax", "balanced")
CLEAN = (LHS, RHS, Adc(0.0))


def run(noise, x, w, formats=CLEAN, *, tile=(8, 8), seed=0, layer=0, fast=False, block=1 << 16, rms=None):
    spec = kernel_spec(x.shape[2], w.shape[2], formats, *tile)
    engine = AnalogEngine(lambda _: noise, fast=fast, seed=seed, block_elements=block)
    return compute(engine, KernelCall(spec, layer, 1.0, rms), x, w), engine


def operands(rows=6, k=8, columns=8, batch=1, seed=0):
    rng = np.random.default_rng(seed)
    x = np.clip(rng.standard_normal((batch, rows, k)) / 2, -1, 1).astype(np.float32)
    w = rng.uniform(-1, 1, (batch, k, columns)).astype(np.float32)
    w.flat[0] = 1.0  # the scale of the weights is 1, so results are in units of codes
    return x, w


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize(
    "noise", [Noise(c0=0.02), Noise(c1=0.01), Noise(c2=0.004), Noise(c3=0.03), Noise(0.01, 0.004, 0.001, 0.02)]
)
def test_variance_follows_the_formula(noise, fast) -> None:
    x, w = operands(rows=1, k=16)
    x, repeats = np.repeat(x, 4000, axis=1), 2
    got, _ = run(noise, x, w, (LHS, RHS, Adc(0.0, "full-scale", repeats)), fast=fast)
    quiet, _ = run(Noise(), x, w)
    error = got - quiet
    xq, wq = np.rint(x[0, 0].astype(float) * 255) / 255, np.rint(w[0] * 255) / 255
    wanted = np.zeros(8)
    for light in (np.maximum(xq, 0), np.maximum(-xq, 0)):
        for s in (slice(0, 8), slice(8, 16)):
            total, sumsq = light[s] @ np.abs(wq[s]), light[s] ** 2 @ wq[s] ** 2
            wanted += noise.c0 + noise.c1 * total + noise.c2 * total**2 + noise.c3 * sumsq
    wanted /= repeats
    np.testing.assert_allclose(error.var(axis=(0, 1)), wanted, rtol=0.12)
    assert np.all(np.abs(error.mean(axis=(0, 1))) < 4.5 * np.sqrt(wanted / 4000))
    assert ks_distance((error / np.sqrt(wanted))[:, :2000]) < 1.95 / np.sqrt(16000) + 0.005


@pytest.mark.parametrize("columns", [1, 5, 8, 21])
@pytest.mark.parametrize("bits", [0, 9])
def test_results_do_not_depend_on_blocks(bits, columns) -> None:
    noise = Noise(0.01, 0.01, 0.01, 0.01, 0.02, np.full((8, 8), 0.01), 0.01, 0.05)
    x, w = operands(rows=37, k=19, columns=columns, batch=3)
    formats = (Quant(6, "row", "dynamic", "two-pass"), RHS, Adc(float(bits)))
    cuts = (1 << 20, columns * 37, columns * 5, 1)
    exact = [run(noise, x, w, formats, block=b)[0] for b in cuts]
    fast = [run(noise, x, w, formats, block=b, fast=True)[0] for b in cuts]
    for other in exact[1:]:
        np.testing.assert_array_equal(exact[0], other)
    for other in fast[1:]:  # one long product, whose rounding depends on BLAS
        np.testing.assert_allclose(fast[0], other, rtol=1e-4, atol=1e-5)


def test_seed_and_layer_key_the_noise() -> None:
    x, w = operands()
    first = run(Noise(c0=0.1), x, w)[0]
    np.testing.assert_array_equal(first, run(Noise(c0=0.1), x, w)[0])
    assert np.all(first != run(Noise(c0=0.1), x, w, seed=1)[0])
    assert np.all(first != run(Noise(c0=0.1), x, w, layer=1)[0])


def test_setting_errors_are_frozen_per_tile() -> None:
    noise = Noise(weight_sigma=0.02)
    x = np.tile(np.eye(8, dtype=np.float32), (3, 1))[None]
    _, w = operands(columns=64)
    clean = run(Noise(), x, w)[0]
    error, other = (run(noise, x, w, layer=layer)[0] - clean for layer in (0, 1))
    np.testing.assert_allclose(error[:, :8], error[:, 8:16], atol=1e-6)
    assert error.std() == pytest.approx(0.02, rel=0.1)
    assert abs(np.corrcoef(error[0, :8].ravel(), other[0, :8].ravel())[0, 1]) < 0.15


def test_leak_mixes_outputs_of_one_tile() -> None:
    leak = np.zeros((4, 4))
    leak[0, 1], leak[2, 3] = 0.1, 0.2  # output 0 gets a tenth of output 1, output 2 a fifth of output 3
    x, w = operands(columns=8)
    got = run(Noise(leak=leak), x, w, tile=(8, 4))[0]
    clean = run(Noise(), x, w)[0]
    wanted = clean.copy()
    for first in (0, 4):
        wanted[..., first] += 0.1 * clean[..., first + 1]
        wanted[..., first + 2] += 0.2 * clean[..., first + 3]
    np.testing.assert_allclose(got, wanted, atol=1e-5)


def test_known_floor_is_taken_away() -> None:
    x, w = operands(k=19, columns=5)
    np.testing.assert_allclose(run(Noise(extinction_floor=0.1), x, w)[0], run(Noise(), x, w)[0], atol=1e-5)


def test_floor_light_makes_noise() -> None:
    x, w = np.zeros((1, 3000, 8), np.float32), operands()[1]
    error = run(Noise(c1=0.05, extinction_floor=0.2), x, w)[0]
    wq = np.rint(w[0] * 255) / 255
    wanted = 2 * 0.05 * 0.2 * np.abs(wq).sum(axis=0) / 0.8**2
    np.testing.assert_allclose(error.var(axis=(0, 1)), wanted, rtol=0.15)


def test_inter_symbol_interference_mixes_rows() -> None:
    x, w = operands(rows=7)
    clean = run(Noise(), x, w)[0]
    before = np.concatenate([np.zeros_like(clean[:, :1]), clean[:, :-1]], axis=1)
    got = run(Noise(isi=0.2), x, w)[0]
    np.testing.assert_allclose(got, 0.8 * clean + 0.2 * before, atol=1e-5)


def test_fast_agrees_with_exact() -> None:
    noise = Noise(0.004, 0.001, 0.0005, 0.002, 0.01, np.full((8, 8), 0.003), 0.003, 0.001)
    formats = (Quant(6, "row", "dynamic", "two-pass"), Quant(6, "col", "absmax", "balanced"), Adc(6.0))
    rng = np.random.default_rng(2)
    x = rng.standard_normal((1, 400, 64)).astype(np.float32)
    w = rng.standard_normal((1, 64, 24)).astype(np.float32)
    errors = []
    for fast in (False, True):
        got, engine = run(noise, x, w, formats, fast=fast)
        assert engine.stats.fast_calls == int(fast)
        errors.append((got - x @ w).astype(float))
    exact, quick = errors
    assert quick.var() == pytest.approx(exact.var(), rel=0.06)
    assert abs(quick.mean() - exact.mean()) < 4 * np.sqrt(2 * exact.var() / exact.size)
    a, b = (np.sort(e.ravel() / exact.std()) for e in errors)
    grid = np.linspace(-3, 3, 61)
    distance = np.abs(np.searchsorted(a, grid) - np.searchsorted(b, grid)).max() / a.size
    assert distance < 1.95 * np.sqrt(2 / a.size) + 0.01


def test_fast_leaves_saturating_and_coarse_calls_to_exact() -> None:
    x, w = operands(rows=40, k=32)
    noise = Noise(c0=1e-4)
    saturating = (LHS, RHS, Adc(6.0, "calibrated"))
    got, engine = run(noise, x, w, saturating, fast=True, rms=0.05)
    assert (engine.stats.exact_for_saturation, engine.stats.fast_calls) == (1, 0)
    np.testing.assert_array_equal(got, run(noise, x, w, saturating, rms=0.05)[0])
    _, engine = run(noise, x, w, (LHS, RHS, Adc(2.0)), fast=True)
    assert (engine.stats.exact_for_coarse_steps, engine.stats.fast_calls) == (1, 0)


def test_fast_leaves_sparse_inputs_to_exact() -> None:
    """Noise below half a step vanishes on dark outputs, which one draw per output cannot know."""
    x, w = operands(rows=100, k=64, columns=32)
    x[:, :, ::2] = np.where(np.random.default_rng(3).random(x[:, :, ::2].shape) < 0.9, 0, x[:, :, ::2]) * 0.1
    x[:, :, 1::2] *= 0.02
    _, engine = run(Noise(c0=1e-3), x, w, (LHS, RHS, Adc(5.4)), fast=True)
    assert (engine.stats.exact_for_coarse_steps, engine.stats.fast_calls) == (1, 0)


@pytest.mark.parametrize("fast", [False, True])
def test_batches_of_single_rows_have_scales_of_their_own(fast) -> None:
    x, w = operands(rows=1, k=19, columns=9, batch=100)
    x *= np.linspace(0.01, 1, 100, dtype=np.float32)[:, None, None]
    formats = (Quant(8, "row", "dynamic", "two-pass"), RHS, Adc(9.0))
    whole, cut = (run(Noise(c0=1e-6), x, w, formats, block=b, fast=fast)[0] for b in (1 << 20, 1))
    np.testing.assert_allclose(whole, cut, rtol=1e-4, atol=1e-6)
    relative = np.linalg.norm(whole - x @ w, axis=2) / np.linalg.norm(x @ w, axis=2)
    assert np.median(relative) < 0.05
    assert relative[0] < 0.1
