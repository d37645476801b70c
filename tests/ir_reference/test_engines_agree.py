"""Engines "ideal" and "quantized" against the reference, on sizes that are no multiples of the tile."""

import itertools

import numpy as np
import pytest
from runtime_programs import FULL, dense_layer, kernel_spec

from heliograph.ir.dialects import Adc, Quant
from heliograph.ir.kernel import build_kernel
from heliograph.ir.reference import interpret
from heliograph.ir.reference.kernels import call_kernel
from heliograph.ir.reference.light import Call
from heliograph.runtime import Executor
from heliograph.runtime.engines import AnalogEngine, IdealEngine, KernelCall, compute

LHS_SIGNS = ("unipolar", "two-pass", "offset", "balanced")
RHS_SIGNS = ("balanced", "unipolar", "offset", "two-pass")


def _operands(seed, batch=2, rows=3, k=7, columns=5):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((batch, rows, k)).astype(np.float32)
    w = rng.standard_normal((batch, k, columns)).astype(np.float32)
    return x, w


def _both(formats, seed=0, shape=(2, 3, 7, 5), tiles=(3, 2), lhs_scale=None, adc_rms=None):
    x, w = _operands(seed, *shape)
    spec = kernel_spec(shape[2], shape[3], formats, *tiles)
    wanted = call_kernel(build_kernel("gemm", spec), Call(spec, lhs_scale, adc_rms, "layer"), x, w)
    got = compute(AnalogEngine(), KernelCall(spec, 0, lhs_scale, adc_rms), x, w)
    assert got.dtype == np.float32
    return wanted, got


@pytest.mark.parametrize(("lhs", "rhs"), list(itertools.product(LHS_SIGNS, RHS_SIGNS)))
def test_every_pair_of_sign_schemes(lhs, rhs) -> None:
    formats = (Quant(5, "row", "dynamic", lhs), Quant(4, "col", "absmax", rhs), Adc(5.42))
    wanted, got = _both(formats)
    np.testing.assert_allclose(got, wanted, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize(("row", "col"), list(itertools.product(("row", "tensor"), ("col", "tensor"))))
@pytest.mark.parametrize("adc", [Adc(0.0), Adc(6.0), Adc(4.5, "calibrated"), Adc(3.0, "full-scale", 4)])
def test_scales_and_ranges(row, col, adc) -> None:
    formats = (Quant(6, row, "dynamic", "two-pass"), Quant(6, col, "dynamic", "balanced"), adc)
    wanted, got = _both(formats, seed=1, adc_rms=0.4)
    np.testing.assert_allclose(got, wanted, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("bits", [(0, 4, 5.0), (4, 0, 5.0), (0, 0, 5.0), (4, 4, 0.0), (0, 0, 0.0)])
def test_full_precision_of_single_converters(bits) -> None:
    lhs, rhs, adc = bits
    formats = (Quant(lhs, "row", "dynamic", "two-pass"), Quant(rhs, "col", "absmax", "balanced"), Adc(adc))
    wanted, got = _both(formats, seed=2)
    np.testing.assert_allclose(got, wanted, rtol=2e-5, atol=2e-5)


def test_static_scale_saturates() -> None:
    formats = (Quant(6, "tensor", "static", "two-pass"), Quant(6, "col", "absmax", "balanced"), Adc(8.0))
    wanted, got = _both(formats, seed=3, lhs_scale=0.7)
    np.testing.assert_allclose(got, wanted, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 4, 8, 8), (3, 2, 9, 1), (1, 5, 2, 11)])
def test_ragged_shapes(shape) -> None:
    formats = (Quant(6, "row", "dynamic", "two-pass"), Quant(6, "col", "absmax", "balanced"), Adc(6.0))
    wanted, got = _both(formats, seed=4, shape=shape, tiles=(4, 4))
    np.testing.assert_allclose(got, wanted, rtol=2e-5, atol=2e-5)


def test_ideal_engine() -> None:
    x, w = _operands(5)
    spec = kernel_spec(7, 5, FULL, 3, 2)
    wanted = call_kernel(build_kernel("gemm", spec), Call(spec, None, None, ""), x, w)
    np.testing.assert_allclose(compute(IdealEngine(), KernelCall(spec), x, w), wanted, rtol=1e-5, atol=1e-5)


def test_dark_operands() -> None:
    formats = (Quant(6, "row", "dynamic", "two-pass"), Quant(6, "col", "absmax", "balanced"), Adc(6.0))
    spec = kernel_spec(7, 5, formats, 3, 2)
    x, w = _operands(6)
    x[0, 1] = 0
    w[:, :, 2] = 0
    got = compute(AnalogEngine(), KernelCall(spec), x, w)
    assert not got[0, 1].any()
    assert not got[:, :, 2].any()


@pytest.mark.parametrize("engine", ["ideal", "quantized"])
def test_whole_programs(engine) -> None:
    formats = (Quant(6, "row", "dynamic", "two-pass"), Quant(6, "col", "absmax", "balanced"), Adc(6.0))
    module, weights, _ = dense_layer(FULL if engine == "ideal" else formats)
    x = np.random.default_rng(8).standard_normal((3, 19)).astype(np.float32)
    wanted = interpret(module, {"x": x}, weights)["y0"]
    got = Executor(module, weights, engine=engine).run({"x": x})["y0"]
    np.testing.assert_allclose(got, wanted, rtol=2e-5, atol=2e-5)
