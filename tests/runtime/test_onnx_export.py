"""Regions as ONNX models."""

import json

import ml_dtypes
import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator
from runtime_programs import ints, region, weight

from heliograph.ir.core import Block, DenseArray, DialectType, Op, Region, ScalarType, TensorType, Value
from heliograph.ir.dialects import InlineTensor, WeightRef
from heliograph.ir.onnx_export import export_region, region_model
from heliograph.ir.reference.literals import weight_array
from heliograph.ir.weights import Weights

F32 = TensorType.of("f32", "n")
OPSETS = {"onnx": 21}


def lookup(weights):
    return lambda ref: weights[ref.name]


def evaluate(built, feeds, weights=None, opsets=OPSETS):
    model = region_model(built, opsets, lookup(weights or Weights()))
    onnx.checker.check_model(model)
    inputs = [i.name for i in model.graph.input]
    return ReferenceEvaluator(model).run(None, dict(zip(inputs, feeds, strict=True)))


def test_names_are_made_unique_and_nodes_keep_theirs() -> None:
    arg = Value(F32, "x")
    first = Op("onnx.Relu", [arg], [F32], loc="/a/Relu", result_names=["x"])
    second = Op("onnx.Neg", [first.result], [F32], loc="/a/Neg", result_names=["x"])
    built = region([Value(F32, "x")], [arg], [first, second], [second.result, first.result, second.result, arg])
    x = np.array([-1.0, 2.0], np.float32)
    model = region_model(built, OPSETS, lookup(Weights()))
    assert [n.name for n in model.graph.node][:2] == ["/a/Relu", "/a/Neg"]
    relu = np.maximum(x, 0)
    for got, wanted in zip(evaluate(built, [x]), (-relu, relu, -relu, x), strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_attributes_of_every_kind() -> None:
    arg = Value(F32, "x")
    value = InlineTensor(TensorType.of("f32", 1), np.float32(2.5).tobytes().hex())
    node = Op(
        "com.example.Odd",
        [arg],
        [F32],
        {
            "i": 3,
            "f": 0.5,
            "s": "text",
            "is": ints(1, 2),
            "fs": DenseArray("f32", (0.5, 1.0)),
            "ss": ("a", "b"),
            "t": value,
            "ts": (value, value),
            "tp": TensorType.of("f16", 2, "n"),
            "helio.note": 1,
        },
    )
    built = region([Value(F32)], [arg], [node], [node.result])
    (made,) = export_region(built, {"onnx": 21, "com.example": 1}, lookup(Weights())).proto.graph.node
    assert (made.domain, made.op_type) == ("com.example", "Odd")
    got = {a.name: onnx.helper.get_attribute_value(a) for a in made.attribute}
    assert (got["i"], got["f"], got["s"], got["is"], got["fs"], got["ss"]) == (
        3,
        0.5,
        b"text",
        [1, 2],
        [0.5, 1.0],
        [b"a", b"b"],
    )
    np.testing.assert_array_equal(onnx.numpy_helper.to_array(got["t"]), [2.5])
    assert len(got["ts"]) == 2
    assert got["tp"].tensor_type.elem_type == onnx.TensorProto.FLOAT16
    assert "helio.note" not in got


def test_subgraphs_see_outer_values_and_outer_names_are_not_reused() -> None:
    cond, x = Value(TensorType.of("i1"), "c"), Value(F32, "x")
    outer = Op("onnx.Neg", [x], [F32], result_names=["v"])
    branches = []
    for factor in (1.0, 2.0):
        held = weight("k", np.array([factor], np.float32))
        inner = Op("onnx.Mul", [outer.result, held.result], [F32], result_names=["v"])
        branches.append(Region([Block([], [held, inner, Op("onnx.yield", [inner.result])])]))
    node = Op("onnx.If", [cond], [F32], {"helio.subgraphs": ("then_branch", "else_branch")}, branches)
    built = region([Value(cond.type), Value(F32)], [cond, x], [outer, node], [node.result])
    data = np.array([1.0, 3.0], np.float32)
    np.testing.assert_array_equal(evaluate(built, [np.array(True), data])[0], -data)
    np.testing.assert_array_equal(evaluate(built, [np.array(False), data])[0], -2 * data)


def test_absent_inputs_and_outputs() -> None:
    arg = Value(TensorType.of("f32", 4), "x")
    none = Op("helio.none", [], [ScalarType("none")])
    top = weight("hi", np.array(1.0, np.float32))
    clip = Op("onnx.Clip", [arg, none.result, top.result], [arg.type])
    drop = Op("onnx.Dropout", [clip.result], [arg.type, TensorType.of("i1", 4)], {"helio.absent": ints(1)})
    built = region([Value(arg.type)], [arg], [none, top, clip, drop], [drop.results[0]])
    x = np.array([-3, 0, 1, 5], np.float32)
    np.testing.assert_array_equal(evaluate(built, [x])[0], np.minimum(x, 1))
    model = region_model(built, OPSETS, lookup(Weights()))
    assert list(model.graph.node[0].input)[1] == ""
    assert list(model.graph.node[1].output)[1] == ""


def test_large_weights_are_left_out_small_ones_not() -> None:
    weights = Weights()
    arg = Value(TensorType.of("f32", 2, 64), "x")
    large = weight("large", np.ones((64, 64), np.float32), weights)
    small = weight("small", np.ones(64, np.float32), weights)
    product = Op("onnx.MatMul", [arg, large.result], [arg.type])
    total = Op("onnx.Add", [product.result, small.result], [arg.type])
    built = region([Value(arg.type)], [arg], [large, small, product, total], [total.result])
    made = export_region(built, OPSETS, lookup(weights))
    assert dict(made.external) == {"large": WeightRef("large")}
    assert len(made.proto.SerializeToString()) < 1500
    fed = export_region(built, OPSETS, lookup(weights), fed=["large"])
    assert dict(fed.fed) == {"large": WeightRef("large")}
    assert not fed.external
    assert len(fed.proto.graph.input) == 2


@pytest.mark.parametrize(
    ("element", "array"),
    [
        ("f64", np.array([1.5])),
        ("f16", np.array([1.5], np.float16)),
        ("bf16", np.array([1.5], ml_dtypes.bfloat16)),
        ("f8E4M3FN", np.array([1.5], ml_dtypes.float8_e4m3fn)),
        ("f8E5M2", np.array([1.5], ml_dtypes.float8_e5m2)),
        ("i4", np.array([-3, 2, 1], ml_dtypes.int4)),
        ("ui4", np.array([3, 2, 9], ml_dtypes.uint4)),
        ("i1", np.array([True, False])),
        ("i64", np.array([-3])),
        ("ui8", np.array([3], np.uint8)),
    ],
)
def test_element_types(element, array) -> None:
    weights = Weights()
    held = weight("w", array, weights, element)
    built = region([], [], [held], [held.result])
    model = region_model(built, OPSETS, lookup(weights))
    np.testing.assert_array_equal(onnx.numpy_helper.to_array(model.graph.initializer[0]), array)
    assert model.graph.output[0].type.tensor_type.elem_type == model.graph.initializer[0].data_type


def test_strings_and_sequences() -> None:
    kind = TensorType(DialectType("onnx.string"), TensorType.of("f32", 2).dims)
    held = Op(
        "helio.weight",
        [],
        [kind],
        {"ref": WeightRef("s", data=json.dumps(["a", "\xe4".encode().decode("latin-1")]).encode().hex())},
    )
    arg = Value(DialectType("onnx.seq", (F32,)), "xs")
    pick = Op("onnx.SequenceAt", [arg, weight("i", np.array(1)).result], [F32])
    built = region([Value(arg.type)], [arg], [held, pick], [held.result, pick.result])
    with pytest.raises(KeyError):  # the index is defined nowhere
        region_model(built, OPSETS, lookup(Weights()))
    index = weight("i", np.array(1), element="i64")
    pick = Op("onnx.SequenceAt", [arg, index.result], [F32])
    built = region([Value(arg.type)], [arg], [held, index, pick], [held.result, pick.result])
    text, second = evaluate(built, [[np.zeros(1, np.float32), np.ones(2, np.float32)]])
    assert text.tolist() == ["a", "\xe4"]
    np.testing.assert_array_equal(weight_array(held, Weights()), text)
    np.testing.assert_array_equal(second, [1, 1])


def test_what_onnx_does_not_have() -> None:
    arg = Value(DialectType("optical.bank", (8, 8)), "x")
    with pytest.raises(ValueError, match="ONNX has no type"):
        region_model(region([Value(arg.type)], [arg], [], []), OPSETS, lookup(Weights()))
    node = Op("onnx.Relu", [], [F32], {"odd": {"a": 1}})
    with pytest.raises(ValueError, match="not an ONNX attribute"):
        region_model(region([], [], [node], [node.result]), OPSETS, lookup(Weights()))
