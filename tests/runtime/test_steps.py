"""Steps that are made once per sizes: other sizes, other types and a full cache give the same results."""

import numpy as np
import pytest
from runtime_programs import dense_layer, module, onnx_region, region

from heliograph.ir.core import Op, TensorType, Value, sym
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import Work
from heliograph.ir.weights import Weights
from heliograph.runtime import Executor
from heliograph.runtime.cache import Recent
from heliograph.runtime.electronics import _SHARED_OPERATIONS, _fitting_threads
from heliograph.runtime.feeds import bound_by, signature

RNG = np.random.default_rng(3)


def test_sizes_that_alternate() -> None:
    built, weights, w = dense_layer()
    executor = Executor(built, weights)
    for rows in (3, 1, 3, 0, 5, 1):
        x = RNG.standard_normal((rows, 19)).astype(np.float32)
        np.testing.assert_allclose(executor.run({"x": x})["y0"], np.maximum(x @ w, 0), rtol=1e-5, atol=1e-5)


def test_more_sizes_than_are_kept() -> None:
    built, weights, _ = dense_layer()
    executor = Executor(built, weights)
    for rows in (*range(100), 0, 99):
        assert executor.run({"x": np.ones((rows, 19), np.float32)})["y0"].shape == (rows, 13)
    assert len(executor._steps._made._kept) == len(executor._fitting._kept) == 64


def test_feeds_are_checked_in_every_run() -> None:
    built, weights, _ = dense_layer()
    executor = Executor(built, weights)
    x = np.ones((2, 19), np.float32)
    executor.run({"x": x})
    for bad, code in ((x.astype(np.float64), "HG1204"), (x[:, :3], "HG1203"), (x.astype(">f4"), "HG1204")):
        with pytest.raises(HeliographError, match=code):
            executor.run({"x": bad})
    with pytest.raises(HeliographError, match="HG1202"):
        executor.run({"x": x, "z": x})
    with pytest.raises(HeliographError, match="HG1204"):
        executor.run({"x": x.tolist()})


def test_signature_needs_plain_arrays() -> None:
    assert signature({"x": [1, 2]}) is None
    assert signature({"x": np.zeros((2, 3), np.int8)}) == (("x", (2, 3), np.dtype(np.int8)),)


def test_a_size_that_only_the_run_finds() -> None:
    """NonZero, twice on the same shapes with other counts, then an op whose result has that size."""
    x = Value(TensorType.of("f32", "rows"), "x")
    arg = Value(x.type, "a")
    found = Op("onnx.NonZero", [arg], [TensorType.of("i64", 1, "count")])
    first = region([x], [arg], [found], [found.result])
    second = onnx_region(first.result, "Neg")
    executor = Executor(module([first, second], [x], [second.result]), Weights())
    for values in ([1, 0, 2, 0], [1, 1, 1, 1], [0, 0, 0, 0]):
        (got,) = executor.run({"x": np.asarray(values, np.float32)}).values()
        np.testing.assert_array_equal(got, -np.stack(np.nonzero(values)))
    assert bound_by(first.results, {"rows": 4})
    assert not bound_by(first.results, {"count": 4})


def test_recent_drops_the_oldest() -> None:
    recent: Recent[int] = Recent(2)
    for key in (1, 2, 1, 3):
        recent.get(key, lambda key=key: key * 10)
    assert [recent.get(k, lambda: -1) for k in (1, 3, 2)] == [10, 30, -1]


def test_large_regions_get_all_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    x = Value(TensorType.of("f32", "n"), "x")
    built = onnx_region(x, "Relu")
    for work, sizes, threads in (
        (Work(elementwise=_SHARED_OPERATIONS), {}, 6),
        (Work(elementwise=_SHARED_OPERATIONS - 1), {}, 1),
        (Work(transcendental=sym("n") * 1024), {}, 1),
        (Work(transcendental=sym("n") * 1024), {"n": 4096}, 6),
        (Work(macs=1), {}, 6),
    ):
        built.attributes["work"] = work
        assert _fitting_threads(built, sizes) == threads
