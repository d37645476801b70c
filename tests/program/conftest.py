"""A small program with every kind of weight."""

from __future__ import annotations

from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from heliograph.ir.core import Block, DialectType, FunctionType, Op, Region, ScalarType, TensorType, Type, Value, sym
from heliograph.ir.dialects import WeightRef
from heliograph.ir.program import Program, make_program
from heliograph.ir.weights import Array, Weights, WeightSource


def weight_op(name: str, kind: Type, **ref: object) -> Op:
    return Op("helio.weight", [], [kind], {"ref": WeightRef(name, **ref)}, result_names=[name])


def module_of(weights: list[Op]) -> Op:
    x = Value(TensorType.of("f32", "batch", 3), "x")
    body = Block([x], [*weights, Op("func.return", [x])])
    main = Op(
        "func.func",
        attributes={
            "sym_name": "main",
            "function_type": FunctionType((x.type,), (x.type,)),
            "helio.inputs": ("x:0",),
            "helio.outputs": ("y/out",),
        },
        regions=[Region([body])],
    )
    attributes = {"sym_name": "small", "helio.level": "graph"}
    return Op("builtin.module", attributes=attributes, regions=[Region([Block([], [main])])])


ARRAYS = {
    "f": np.arange(6, dtype=np.float32).reshape(2, 3),
    "scalar": np.array(7, np.int64),
    "empty": np.zeros((0, 4), np.float16),
    "flags": np.array([True, False, True]),
    "brain": np.array([1.5, -2.0], ml_dtypes.bfloat16),
    "nibbles": np.array([-8, 7, 3], ml_dtypes.int4),
    "words": np.array([b"one", b"", "zwölf".encode()], dtype=object),
}
ELEMENTS: dict[str, Type] = {
    "f": ScalarType("f32"),
    "scalar": ScalarType("i64"),
    "empty": ScalarType("f16"),
    "flags": ScalarType("i1"),
    "brain": ScalarType("bf16"),
    "nibbles": ScalarType("i4"),
    "words": DialectType("onnx.string"),
}


def small_program(names: tuple[str, ...] = tuple(ARRAYS)) -> Program:
    weights = Weights()
    ops = [weight_op("inline", TensorType.of("f32", 1), data="0000803f")]
    for name in names:
        weights.add_array(name, ARRAYS[name])
        ops.append(weight_op(name, TensorType(ELEMENTS[name], tuple(sym(d) for d in ARRAYS[name].shape))))
    weights.add_array("unused", np.ones(5))
    return make_program(
        module_of(ops),
        weights,
        source_name="small.onnx",
        source_sha256="ab" * 32,
        target="ideal",
        target_fingerprint="f",
    )


@pytest.fixture
def arrays() -> dict[str, Array]:
    return ARRAYS


@pytest.fixture
def program() -> Program:
    return small_program()


@pytest.fixture
def tiny() -> Program:
    """As few bytes as possible: for tests that change each of them."""
    return small_program(("f",))


@pytest.fixture
def external(tmp_path: Path) -> Program:
    """A program with a float weight and a packed 4-bit weight in big.data."""
    values = np.arange(100, dtype=np.float32)
    (tmp_path / "big.data").write_bytes(b"header.." + values.tobytes() + bytes([0x78, 0x03]))
    weights = Weights()
    path = tmp_path / "big.data"
    weights.add("big", WeightSource(lambda: values, 400, path, 8))
    weights.add("packed", WeightSource(lambda: ARRAYS["nibbles"], 2, path, 408))
    ops = [
        weight_op("big", TensorType.of("f32", 10, 10), file="big.data", offset=8, bytes=400),
        weight_op("packed", TensorType.of("i4", 3), file="big.data", offset=408, bytes=2),
    ]
    return make_program(module_of(ops), weights)
