"""Element types of kernels: arithmetic in float32 or wider, results in the type of the inputs."""

import warnings
from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest
from runtime_programs import SIX_BITS, kernel_spec

from heliograph.ir.diagnostics import HeliographError
from heliograph.runtime.engines import AnalogEngine, IdealEngine, KernelCall, compute, make_engine


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float64])
def test_results_keep_the_type(dtype) -> None:
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 5, 300)).astype(dtype), rng.standard_normal((2, 300, 4)).astype(dtype)
    call = KernelCall(kernel_spec(300, 4, SIX_BITS))
    exact = x.astype(np.float64) @ w.astype(np.float64)
    got = compute(IdealEngine(), call, x, w)
    assert got.dtype == dtype
    tolerance = {2: 1e-2, 8: 1e-12}[got.dtype.itemsize]
    np.testing.assert_allclose(got.astype(np.float64), exact, rtol=tolerance, atol=tolerance * 10)
    coded = compute(AnalogEngine(), call, x, w)
    assert coded.dtype == dtype
    wide = compute(AnalogEngine(), call, x.astype(np.float32), w.astype(np.float32))
    np.testing.assert_allclose(coded.astype(np.float64), wide, rtol=1e-2, atol=0.5)


@pytest.mark.parametrize("scale", [100.0, 1e-10, 1e-40, 2.0**-149, 3e38])
@pytest.mark.parametrize("factor", [1.0, 1e36, 2.0**-149])
def test_static_scales_far_from_the_values(scale, factor) -> None:
    """What exceeds the scale is cut off; kernels and numpy agree, and neither makes NaN."""
    spec = kernel_spec(24, 17, SIX_BITS)
    call = KernelCall(replace(spec, lhs=replace(spec.lhs, scale="static", axis="tensor")), lhs_scale=scale)
    rng = np.random.default_rng(0)
    x = rng.integers(-255, 256, (1, 6, 24)).astype(np.float32) * np.float32(factor)
    w = rng.integers(-255, 256, (1, 24, 17)).astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        by_numpy = compute(AnalogEngine(), call, x, w)
        compiled = compute(make_engine("quantized", noise_of=None), call, x, w)
    np.testing.assert_array_equal(compiled, by_numpy)
    assert not np.isnan(compiled).any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_modulators_refuse_what_is_not_finite(bad) -> None:
    x, w = np.ones((1, 2, 8), np.float32), np.ones((1, 8, 8), np.float32)
    x[0, 1, 3] = bad
    call = KernelCall(kernel_spec(8, 8, SIX_BITS), name="/block/MatMul")
    for inputs, weights in ((x, w), (np.swapaxes(w, 1, 2), np.broadcast_to(x[:, :1] * bad, (1, 8, 8)))):
        with pytest.raises(HeliographError, match=r"HG5002.*'/block/MatMul'"):
            compute(AnalogEngine(), call, inputs, weights)
    assert not np.isfinite(compute(IdealEngine(), call, x, w)).all()
