"""The reference itself, against numbers worked out by hand or by ONNX."""

import numpy as np
import pytest
from runtime_programs import FULL, dense_layer, ints, kernel_spec, weight

from heliograph.ir.core import Block, FunctionType, Op, Region, TensorType, Value, sym
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import AccessMap, Adc, IterSpace, Quant
from heliograph.ir.reference import adc_range, interpret
from heliograph.ir.reference.converters import carrier, code
from heliograph.ir.weights import Weights


def test_codes() -> None:
    two_bits = Quant(2, signs="unipolar")
    assert [code(v, two_bits, 1) for v in (-0.2, 0, 0.16, 0.17, 0.5, 1, 1.4)] == [0, 0, 0, 1 / 3, 2 / 3, 1, 1]
    assert code(-0.5, Quant(2, signs="balanced"), 1) == -2 / 3
    assert code(-0.5, Quant(2, signs="two-pass"), -1) == 2 / 3
    assert code(-0.5, Quant(2, signs="two-pass"), 1) == 0
    assert code(-1.0, Quant(2, signs="offset"), 1) == 0
    assert code(0.0, Quant(0, signs="offset"), 1) == 0.5
    assert carrier(Quant()) == "balanced"
    assert code(-0.3, Quant(), 1) == -0.3


def test_adc_ranges() -> None:
    def spec(lhs, rhs, adc):
        return kernel_spec(8, 8, (lhs, rhs, adc))

    unipolar, balanced = Quant(4, signs="unipolar"), Quant(4, signs="balanced")
    full = adc_range(spec(unipolar, balanced, Adc(4.0)), None)
    assert (full.low, full.high, full.step) == (-8, 8, 1)
    assert [full.convert(v) for v in (0.5, 1.5, -0.6, 9, -20)] == [0, 2, -1, 8, -8]
    one_rail = adc_range(spec(unipolar, unipolar, Adc(3.0)), None)
    assert (one_rail.low, one_rail.high, one_rail.step) == (0, 8, 1)
    calibrated = adc_range(spec(unipolar, balanced, Adc(3.0, "calibrated")), 0.5)
    assert (calibrated.low, calibrated.high, calibrated.step) == (-2, 2, 0.5)
    assert adc_range(spec(unipolar, balanced, Adc(3.0, "calibrated")), 7.0).high == 8
    assert adc_range(spec(unipolar, balanced, Adc(0.0)), None).convert(99.0) == 99.0


def test_program_at_full_precision() -> None:
    module, weights, w = dense_layer(FULL)
    x = np.random.default_rng(3).standard_normal((3, 19)).astype(np.float32)
    np.testing.assert_allclose(interpret(module, {"x": x}, weights)["y0"], np.maximum(x @ w, 0), rtol=1e-5, atol=1e-6)


def test_static_scale_must_be_given() -> None:
    formats = (Quant(4, "tensor", "static", "two-pass"), Quant(4, "col", "absmax", "balanced"), Adc(6.0))
    x = np.ones((1, 19), np.float32)
    module, weights, _ = dense_layer(formats, lhs_scale=2.0)
    interpret(module, {"x": x}, weights)
    module, weights, _ = dense_layer(formats)
    with pytest.raises(HeliographError, match="HG9001"):
        interpret(module, {"x": x}, weights)


def _main(ops, args, results, level) -> Op:
    kind = FunctionType(tuple(a.type for a in args), tuple(r.type for r in results))
    attributes = {"sym_name": "main", "function_type": kind, "helio.inputs": ("x",), "helio.outputs": ("y",)}
    body = Block(args, [*ops, Op("func.return", results)])
    main = Op("func.func", attributes=attributes, regions=[Region([body])])
    top = {"helio.level": level, "helio.opsets": {"onnx": 21}}
    return Op("builtin.module", attributes=top, regions=[Region([Block([], [main])])])


def test_graph_and_partitioned_levels_agree() -> None:
    rng = np.random.default_rng(5)
    x, w = rng.standard_normal((2, 3, 5)).astype(np.float32), rng.standard_normal((4, 3, 3)).astype(np.float32)
    arg = Value(TensorType.of("f32", "batch", 3, 5), "x")
    held = weight("w", w)
    out = TensorType.of("f32", "batch", 4, 3)
    conv = Op("onnx.Conv", [arg, held.result], [out], {"pads": ints(0, 0)}, loc="conv")
    graph = _main([held, conv], [arg], [conv.result], "graph")
    space = IterSpace(m=(sym("batch"), 3), k=(3, 3), n=(4,))
    gemm = Op(
        "optical.gemm",
        [arg, held.result],
        [out],
        {
            "space": space,
            "lhs": AccessMap.of("m0", "k0", "m1 + k1"),
            "rhs": AccessMap.of("n0", "k0", "k1"),
            "out": AccessMap.of("m0", "n0", "m1"),
            "combine": "store",
            "macs": space.macs,
        },
    )
    partitioned = _main([held, gemm], [arg], [gemm.result], "partitioned")
    a, b = (interpret(m, {"x": x}, Weights())["y"] for m in (graph, partitioned))
    np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
