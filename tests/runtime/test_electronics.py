"""Regions on onnxruntime."""

import ml_dtypes
import numpy as np
import pytest
from runtime_programs import onnx_region, region, weight

from heliograph.ir.core import Op, TensorType, Value
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.weights import Weights
from heliograph.runtime.electronics import Electronics

OPSETS = {"onnx": 21}


def test_region() -> None:
    x = Value(TensorType.of("f32", "n"), "x")
    relu = onnx_region(x, "Relu")
    (got,) = Electronics(Weights(), OPSETS).run(relu, [np.array([-1, 2], np.float32)])
    np.testing.assert_array_equal(got, [0, 2])


def _matmul(weights, array):
    x = Value(TensorType.of("f32", "n", array.shape[0]), "x")
    arg = Value(x.type, "a")
    held = weight("w", array, weights)
    node = Op("onnx.MatMul", [arg, held.result], [TensorType.of("f32", "n", array.shape[1])], loc="/fc")
    return region([x], [arg], [held, node], [node.result], macs=64)


def test_large_weights_used_once_and_shared() -> None:
    weights, w = Weights(), np.random.default_rng(0).standard_normal((64, 32)).astype(np.float32)
    x = np.ones((2, 64), np.float32)
    once, again = _matmul(weights, w), _matmul(weights, w)
    for regions in ([once], [once, again]):
        electronics = Electronics(weights, OPSETS, regions)
        for built in regions:
            np.testing.assert_allclose(electronics.run(built, [x])[0], x @ w, rtol=1e-4, atol=1e-4)
    (value,) = electronics._values.values()
    assert value.data_ptr() == w.ctypes.data  # one copy: the array itself
    assert all(p.held for _, p in electronics._prepared.values())


def test_a_session_has_a_copy_of_what_it_is_not_fed() -> None:
    """Electronics lets go of such weights once the session is there."""
    weights, w = Weights(), np.ones((64, 32), np.float32)
    built = _matmul(weights, w)
    electronics = Electronics(weights, OPSETS, [built])
    electronics.prepare(built)
    w[:] = 7
    np.testing.assert_array_equal(electronics.run(built, [np.ones((2, 64), np.float32)])[0], 64)
    assert not electronics._values


def test_failures_are_coded_and_name_the_node() -> None:
    x = Value(TensorType.of("f32", "n"), "x")
    with pytest.raises(HeliographError, match=r"HG5001 at NoSuchOp '/odd'.*onnxruntime: .*NoSuchOp"):
        Electronics(Weights(), OPSETS).prepare(onnx_region(x, "NoSuchOp", loc="/odd"))
    weights = Weights()
    built = _matmul(weights, np.ones((4, 4), np.float32))
    with pytest.raises(HeliographError, match=r"HG5001 at MatMul '/fc'"):
        Electronics(weights, OPSETS).run(built, [np.ones((2, 5), np.float32)])


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2])
def test_narrow_floats_pass_through_onnxruntime(dtype) -> None:
    element = {"bfloat16": "bf16", "float8_e4m3fn": "f8E4M3FN", "float8_e5m2": "f8E5M2"}[np.dtype(dtype).name]
    x = Value(TensorType.of(element, 3), "x")
    data = np.array([0.5, -1, 2], dtype)
    arg = Value(x.type, "a")
    cast = Op("onnx.Cast", [arg], [TensorType.of("f32", 3)], {"to": 1})
    back = Op("onnx.Cast", [cast.result], [x.type], {"to": {"bf16": 16, "f8E4M3FN": 17, "f8E5M2": 19}[element]})
    built = region([x], [arg], [cast, back], [cast.result, back.result])
    wide, narrow = Electronics(Weights(), OPSETS).run(built, [data])
    np.testing.assert_array_equal(wide, data.astype(np.float32))
    assert narrow.dtype == data.dtype
    np.testing.assert_array_equal(narrow, data)


def test_strings() -> None:
    from heliograph.ir.core import DialectType

    x = Value(TensorType(DialectType("onnx.string"), TensorType.of("f32", "n").dims), "x")
    (got,) = Electronics(Weights(), OPSETS).run(onnx_region(x, "Identity"), [np.array(["a", "bc"], object)])
    assert got.tolist() == ["a", "bc"]
