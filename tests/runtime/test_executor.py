"""The executor on hand-built programs."""

import numpy as np
import pytest
from runtime_programs import FULL, SIX_BITS, dense_layer

from heliograph.ir.diagnostics import HeliographError
from heliograph.runtime import Executor
from heliograph.runtime.engines import Noise

RNG = np.random.default_rng(7)
X = RNG.standard_normal((5, 19)).astype(np.float32)


def test_ideal_is_the_product() -> None:
    module, weights, w = dense_layer()
    run = Executor(module, weights).run({"x": X})
    np.testing.assert_allclose(run["y0"], np.maximum(X @ w, 0), rtol=1e-5, atol=1e-5)


def test_full_precision_converters_change_nothing() -> None:
    module, weights, w = dense_layer(FULL)
    run = Executor(module, weights, engine="quantized").run({"x": X})
    np.testing.assert_allclose(run["y0"], np.maximum(X @ w, 0), rtol=1e-5, atol=1e-5)


def test_converters_err_by_their_steps() -> None:
    module, weights, w = dense_layer(SIX_BITS)
    executor = Executor(module, weights, engine="quantized", measure_snr=True)
    got = executor.run({"x": X})["y0"]
    assert 12 < executor.layer_stats[0].snr_db < 40
    assert executor.layer_stats[0].name == "/fc/MatMul"
    exact = np.maximum(X @ w, 0)
    assert 0 < np.abs(got - exact).max() < 0.3 * np.abs(exact).max()


def test_noise_is_a_function_of_the_seed() -> None:
    module, weights, _ = dense_layer(SIX_BITS)
    runs = [
        Executor(module, weights, engine="noisy", noise_of=lambda _: Noise(c0=0.01), seed=s).run({"x": X})["y0"]
        for s in (1, 1, 2)
    ]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert np.any(runs[0] != runs[2])


def test_target_gives_the_noise() -> None:
    module, weights, _ = dense_layer(SIX_BITS)
    executor = Executor(module, weights, engine="noisy", measure_snr=True)
    executor.run({"x": X})
    assert 3 < executor.layer_stats[0].snr_db < 25


def test_constant_weights_are_prepared_once() -> None:
    module, weights, _ = dense_layer(SIX_BITS)
    executor = Executor(module, weights, engine="quantized")
    for rows in (1, 3, 5):
        executor.run({"x": X[:rows]})
    assert (executor._held.misses, executor._held.hits) == (1, 2)


def test_weights_beyond_the_bound_are_not_kept() -> None:
    module, weights, _ = dense_layer(SIX_BITS)
    executor = Executor(module, weights, engine="quantized", held_bytes=100)
    first, second = executor.run({"x": X})["y0"], executor.run({"x": X})["y0"]
    np.testing.assert_array_equal(first, second)
    assert executor._held.nbytes == 0


def test_observer_sees_every_result_and_progress_every_step() -> None:
    module, weights, _ = dense_layer()
    seen, done = [], []
    executor = Executor(
        module,
        weights,
        observer=lambda op, name, value: seen.append((op.name, np.shape(value))),
        progress=lambda step, steps, op: done.append((step, steps)),
    )
    executor.run({"x": X})
    assert seen == [
        ("tile.gather", (1, 5, 19)),
        ("func.call", (1, 5, 13)),
        ("tile.scatter", (5, 13)),
        ("sched.send", (5, 13)),
        ("electronic.region", (5, 13)),
    ]
    assert done == [(i, 5) for i in range(1, 6)]


def _codes(module, weights, feeds) -> list[tuple[str, str]]:
    with pytest.raises(HeliographError) as caught:
        Executor(module, weights).run(feeds)
    return [(d.code, str(d)) for d in caught.value.diagnostics]


def test_feeds_are_checked() -> None:
    module, weights, _ = dense_layer()
    (unknown, missing) = _codes(module, weights, {"xx": X})
    assert unknown[0] == missing[0] == "HG1202"
    assert "'x'" in unknown[1]
    assert [c for c, _ in _codes(module, weights, {"x": X[:, :4]})] == ["HG1203"]
    assert [c for c, _ in _codes(module, weights, {"x": X[0]})] == ["HG1203"]
    assert [c for c, _ in _codes(module, weights, {"x": X.astype(np.float64)})] == ["HG1204"]


def test_non_finite_values_name_the_layer() -> None:
    module, weights, _ = dense_layer(SIX_BITS)
    bad = X.copy()
    bad[2, 3] = np.nan
    with pytest.raises(HeliographError, match=r"HG5002.*'/fc/MatMul'"):
        Executor(module, weights, engine="quantized").run({"x": bad})


def test_one_row_and_no_rows() -> None:
    for engine in ("ideal", "quantized"):
        module, weights, _ = dense_layer(SIX_BITS)
        executor = Executor(module, weights, engine=engine)
        assert executor.run({"x": X[:1]})["y0"].shape == (1, 13)
        assert executor.run({"x": X[:0]})["y0"].shape == (0, 13)
