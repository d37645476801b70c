"""Numbers at the ends of their type: scales are powers of two times those of ordinary numbers, so results are too."""

import warnings

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import heliograph
from heliograph import HeliographError, simulate_gemm

ENGINES = [("ideal", "exact"), ("quantized", "exact"), ("noisy", "exact"), ("noisy", "fast")]
CALIBRATED = "awgr8-28g{precision.adc_range=calibrated}"
TARGETS = ["awgr8-28g", CALIBRATED, "dptc12-5g", "mzi12-5g"]
EXPONENTS = {
    np.float32: [(120, -120), (-149, 120), (-149, 0), (105, 0), (-100, -49)],
    np.float64: [(1015, -600), (0, 900)],
}


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def integers(*shape, dtype=np.float32):
    """Whole numbers of 8 bits: exact at any power of two, denormal ones included."""
    return np.random.default_rng(shape).integers(-255, 256, shape).astype(dtype)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("engine", "fidelity"), ENGINES)
@pytest.mark.parametrize("dtype", EXPONENTS)
def test_powers_of_two_pass_through(target, engine, fidelity, dtype) -> None:
    x, w = integers(6, 24, dtype=dtype), integers(24, 17, dtype=dtype)
    plain = simulate_gemm(x, w, target=target, engine=engine, fidelity=fidelity)
    for rows, columns in EXPONENTS[dtype]:
        got = simulate_gemm(np.ldexp(x, rows), np.ldexp(w, columns), target=target, engine=engine, fidelity=fidelity)
        np.testing.assert_array_equal(got, np.ldexp(plain, rows + columns), f"2^{rows}, 2^{columns}")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("engine", "fidelity"), ENGINES[1:])
@pytest.mark.parametrize("dtype", EXPONENTS)
def test_what_exceeds_the_type_is_infinite_and_zero_stays_zero(target, engine, fidelity, dtype) -> None:
    x, w = integers(6, 24, dtype=dtype), integers(24, 17, dtype=dtype)
    x[2], w[:, 5] = 0, 0
    largest = np.finfo(dtype).maxexp - 10
    plain = simulate_gemm(x, w, target=target, engine=engine, fidelity=fidelity)
    got = simulate_gemm(np.ldexp(x, largest), np.ldexp(w, 9), target=target, engine=engine, fidelity=fidelity)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(got, np.ldexp(plain, largest + 9))
    assert np.isinf(got).any()
    assert not got[2].any()
    assert not got[:, 5].any()


@pytest.mark.parametrize(("engine", "fidelity"), ENGINES[1:])
def test_scales_whose_product_exceeds_the_type_may_give_results_that_do_not(engine, fidelity) -> None:
    x, w = np.zeros((2, 32), np.float32), np.full((32, 16), 0.125, np.float32)
    x[0, 0], x[1], w[5] = 1e38, 1e36, 4
    got = simulate_gemm(x, w, target=CALIBRATED, engine=engine, fidelity=fidelity)
    assert np.isfinite(got).all()


@pytest.mark.parametrize("target", ["awgr8-28g", CALIBRATED])
@pytest.mark.parametrize(("engine", "fidelity"), ENGINES)
def test_half_precision_overflows_to_infinity(target, engine, fidelity) -> None:
    x, w = np.full((3, 16), 60000, np.float16), np.ones((16, 8), np.float16)
    x[1], w[:, 1] = 6e-8, -1
    x[2] = 0
    got = simulate_gemm(x, w, target=target, engine=engine, fidelity=fidelity)
    assert got.dtype == np.float16
    assert np.isposinf(got[0, 0])
    assert np.isneginf(got[0, 1])
    assert np.isfinite(got[1:]).all()
    assert not got[2].any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("operand", [0, 1])
@pytest.mark.parametrize("engine", ["quantized", "noisy"])
def test_calibrated_converters_refuse_what_is_not_finite(bad, operand, engine) -> None:
    operands = integers(4, 16), integers(16, 8)
    operands[operand][2, 3] = bad
    with pytest.raises(HeliographError, match="HG5002"):
        simulate_gemm(*operands, target=CALIBRATED, engine=engine)
    assert not np.isfinite(simulate_gemm(*operands, target=CALIBRATED, engine="ideal")).all()


@pytest.mark.parametrize("engine", ["ideal", "quantized", "noisy"])
def test_a_session_hands_infinity_to_electronics_and_refuses_it_on_light(engine) -> None:
    w = np.ones((16, 16), np.float32)
    x = np.full((2, 16), 3e38, np.float32)
    x[1] = 1
    last = helper.make_node("MatMul", ["s", "w"], ["y"])
    product, squashed = helper.make_node("MatMul", ["x", "w"], ["p"]), helper.make_node("Sigmoid", ["p"], ["s"])
    (y,) = heliograph.InferenceSession(model([product, squashed, last], w), "awgr8-28g", engine).run(None, {"x": x})
    assert np.isfinite(y).all()
    twice = heliograph.InferenceSession(
        model([product, helper.make_node("MatMul", ["p", "w"], ["y"])], w), "awgr8-28g", engine
    )
    if engine == "ideal":
        assert np.isinf(twice.run(None, {"x": x})[0][0]).all()
    else:
        with pytest.raises(HeliographError, match="HG5002"):
            twice.run(None, {"x": x})


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("engine", ["ideal", "quantized", "noisy"])
def test_sums_of_overlapping_windows_overflow_to_infinity(engine, dtype) -> None:
    w = np.ones((2, 3, 3, 3), dtype)
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    value = helper.make_tensor_value_info
    ends = [value("x", kind, [1, 2, 5, 5])], [value("y", kind, [1, 3, 7, 7])]
    node = helper.make_node("ConvTranspose", ["x", "w"], ["y"])
    graph = helper.make_graph([node], "g", *ends, [numpy_helper.from_array(w, "w")])
    session = heliograph.InferenceSession(wrapped(graph), "awgr8-28g", engine)
    (y,) = session.run(None, {"x": np.full((1, 2, 5, 5), np.finfo(dtype).max / 3, dtype)})
    assert np.isposinf(y[0, :, 2:5, 2:5]).all()
    assert not np.isnan(y).any()


def model(nodes, w) -> onnx.ModelProto:
    value = helper.make_tensor_value_info
    ends = [value("x", TensorProto.FLOAT, [2, 16])], [value("y", TensorProto.FLOAT, [2, 16])]
    graph = helper.make_graph(nodes, "g", *ends, [numpy_helper.from_array(w, "w")])
    return wrapped(graph)


def wrapped(graph) -> onnx.ModelProto:
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
