"""Every quirk is still needed: onnxruntime itself fails a case of ONNX's suite that the entry is for."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from runtime_programs import region, weight

from heliograph.ir.core import Op, TensorType, Value
from heliograph.ir.weights import Weights
from heliograph.runtime.electronics import Electronics
from heliograph.runtime.ort_session import Session
from heliograph.runtime.quirks import _CHECKS, Quirks

CASES = {
    "DFT": "dft",
    "STFT": "stft",
    "Dropout": "training_dropout",
    "MaxUnpool": "maxunpool_export_with_output_shape",
    "Resize": "resize_downsample_scales_linear_align_corners",
    "Attention": "attention_4d_with_past_and_present_qk_matmul_bias_4d_mask_causal",
    "ConvInteger": "convinteger_with_padding",
    "ReduceMax": "reduce_max_empty_set_bool",
    "ReduceMin": "",  # as ReduceMax
}


@pytest.fixture(scope="module")
def suite() -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.loader import load_model_tests

        return {case.name.removeprefix("test_"): case for case in load_model_tests(kind="node")}


def test_every_quirk_has_a_case() -> None:
    assert CASES.keys() == _CHECKS.keys()


@pytest.mark.parametrize("name", [name for name in CASES.values() if name])
def test_onnxruntime_still_fails(suite: dict[str, Any], name: str) -> None:
    case = suite[name]
    inputs, expected = case.data_sets[0]

    def run() -> None:
        found = Session(case.model, 1).run({v.name: x for v, x in zip(case.model.graph.input, inputs, strict=True)})
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, case.rtol, case.atol)

    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever onnxruntime raises, or other values
        run()


def built(
    kind: str, types: list[TensorType], attributes: dict[str, Any], constants: dict[int, Any]
) -> tuple[Op, Quirks]:
    weights = Weights()
    ops, operands, args = [], [], []
    for i, type_ in enumerate(types):
        if i in constants:
            ops.append(weight(f"w{i}", constants[i], weights))
            operands.append(ops[-1].result)
        else:
            args.append(Value(type_, f"a{i}"))
            operands.append(args[-1])
    node = Op(f"onnx.{kind}", operands, [types[0]], attributes)
    outer = [Value(a.type, a.name) for a in args]
    made = region(outer, args, [*ops, node], [node.result])
    return node, Quirks(made, {"onnx": 21}, weights)


F = TensorType.of("f32", "n")


@pytest.mark.parametrize(
    ("kind", "types", "attributes", "constants", "wrong"),
    [
        ("DFT", [F], {}, {}, True),
        ("Relu", [F], {}, {}, False),
        ("Dropout", [F, F, F], {}, {2: np.array([True])}, True),
        ("Dropout", [F, F, F], {}, {2: np.array([False])}, False),
        ("Dropout", [F, F, F], {}, {}, True),
        ("Dropout", [F], {}, {}, False),
        ("Resize", [F, F, F], {"coordinate_transformation_mode": "align_corners"}, {2: np.float32([1, 2])}, False),
        ("Resize", [F, F, F], {"coordinate_transformation_mode": "align_corners"}, {2: np.float32([1, 0.6])}, True),
        ("Resize", [F, F, F], {}, {2: np.float32([1, 0.6])}, False),
        ("Attention", [F, F, F], {"is_causal": 1}, {}, False),
        ("Attention", [F] * 7, {}, {}, True),
        ("ConvInteger", [F, F, F, F], {}, {3: np.zeros((), np.uint8)}, False),
        ("ConvInteger", [F, F, F, F], {}, {3: np.zeros(4, np.uint8)}, True),
        ("ReduceMax", [TensorType.of("i1", "n")], {}, {}, True),
        ("ReduceMax", [F], {}, {}, False),
    ],
)
def test_only_what_is_wrong_is_slow(
    kind: str, types: list[TensorType], attributes: dict[str, Any], constants: dict[int, Any], wrong: bool
) -> None:
    node, quirks = built(kind, types, attributes, constants)
    assert bool(quirks.why_not(node)) == wrong


def test_a_quirk_in_a_region_runs_on_reference_and_is_told() -> None:
    arg = Value(TensorType.of("i1", "n"), "a")
    reduce = Op("onnx.ReduceMax", [arg], [TensorType.of("i1", 1)], {}, loc="/max")
    after = Op("onnx.Not", [reduce.result], [TensorType.of("i1", 1)], loc="/not")
    made = region([Value(arg.type, "x")], [arg], [reduce, after], [after.result])
    electronics = Electronics(Weights(), {"onnx": 21}, [made])
    for data, wanted in (([True, False], False), ([], True), ([False], True)):
        (got,) = electronics.run(made, [np.array(data, bool)])
        assert got.tolist() == [wanted]
    (slow,) = electronics.slow
    assert (slow.node, slow.op_type) == ("/max", "ReduceMax")
