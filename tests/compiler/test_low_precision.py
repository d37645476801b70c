"""Narrow and wide element types: halves, bfloat16, float8, int4 and int8 weights behind DequantizeLinear, double."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import ml_dtypes
import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper
from typed_cases import Case, case, check, integers, node, normals, reasons

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.core import walk

F16, F32, F64, BF16 = np.float16, np.float32, np.float64, ml_dtypes.bfloat16
F8, F8_WIDE = ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2
I8, U8, I4, U4 = np.int8, np.uint8, ml_dtypes.int4, ml_dtypes.uint4


def matmul(dtype: type, *, tolerance: float = 1e-4) -> Case:
    """MatMul of an input and a weight."""
    feeds, weights = {"x": normals(3, 5, 12, dtype=dtype)}, {"w": normals(12, 9, seed=1, dtype=dtype)}
    macs = 3 * 5 * 12 * 9
    return case([node("MatMul", ["x", "w"], ["y"])], feeds, weights, {"y": (dtype, 3)}, macs, tolerance=tolerance)


def gemm(dtype: type, *, tolerance: float = 1e-4) -> Case:
    """Gemm with scaling and bias."""
    made = node("Gemm", ["x", "w", "c"], ["y"], alpha=0.5, beta=2.0, transB=1)
    weights = {"w": normals(9, 12, seed=1, dtype=dtype), "c": normals(9, seed=2, dtype=dtype)}
    feeds = {"x": normals(5, 12, dtype=dtype)}
    return case([made], feeds, weights, {"y": (dtype, 2)}, 5 * 12 * 9, tolerance=tolerance)


def conv(dtype: type, *, tolerance: float = 1e-4) -> Case:
    """Conv with bias."""
    weights = {"w": normals(6, 4, 3, 3, seed=1, dtype=dtype), "c": normals(6, seed=2, dtype=dtype)}
    made = node("Conv", ["x", "w", "c"], ["y"], pads=[1] * 4)
    feeds = {"x": normals(2, 4, 6, 5, dtype=dtype)}
    return case([made], feeds, weights, {"y": (dtype, 4)}, 2 * 6 * 30 * 36, tolerance=tolerance)


def in_float32(made: Case) -> Case:
    """Compare with the same model in float32, since onnxruntime does not run it as it is."""
    model = onnx.ModelProto.FromString(made.model.SerializeToString())
    for tensor in model.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(F32), tensor.name))
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.elem_type = TensorProto.FLOAT
    return replace(made, reference=model)


def cast_weight(dtype: type) -> Case:
    """MatMul whose weight is kept in a narrow type and cast."""
    weights = {"n": normals(12, 9, seed=1).astype(dtype)}
    nodes = [node("Cast", ["n"], ["w"], to=TensorProto.FLOAT), node("MatMul", ["x", "w"], ["y"])]
    return case(nodes, {"x": normals(3, 5, 12)}, weights, {"y": (F32, 3)}, 3 * 5 * 12 * 9)


def dequantized(dtype: type, *, axis: int | None = None, block: int = 0, left: bool = False, zero: bool = True) -> Case:
    """MatMul whose weight is dequantized: per tensor, per `axis`, or in blocks along it."""
    shape = (64, 10)
    if dtype in (F8, F8_WIDE):
        weight = normals(*shape, seed=1).astype(dtype)
    else:
        low, high = (0, 16) if dtype is U4 else (-8, 8)
        weight = np.random.default_rng(1).integers(low, high, shape).astype(dtype)
    grid = () if axis is None else (shape[axis],)
    if block:
        grid = tuple(n // block if i == axis else n for i, n in enumerate(shape))
    weights = {"q": weight, "s": np.random.default_rng(2).uniform(0.01, 0.1, grid).astype(F32)}
    if zero:
        weights["z"] = np.ones(grid).astype(dtype) if dtype not in (F8, F8_WIDE) else np.zeros(grid).astype(dtype)
    attributes = ({} if axis is None else {"axis": axis}) | ({"block_size": block} if block else {})
    nodes = [
        node("DequantizeLinear", ["q", "s", *(["z"] if zero else [])], ["w"], **attributes),
        node("MatMul", ["w", "x"] if left else ["x", "w"], ["y"]),
    ]
    feeds = {"x": normals(3, 10, 7) if left else normals(3, 5, 64)}
    return case(nodes, feeds, weights, {"y": (F32, 3)}, 3 * (7 if left else 5) * 64 * 10)


def qdq(op_type: str, w: tuple[int, ...], x: tuple[int, ...], macs: int, *, axis: int, **attributes: object) -> Case:
    """A quantized layer between QuantizeLinear and DequantizeLinear, with an int32 bias."""
    channels = w[axis]
    weights = {
        "xs": np.asarray(0.03, F32),
        "xz": np.asarray(128, U8),
        "wq": integers(w, I8),
        "ws": np.linspace(0.005, 0.02, channels, dtype=F32),
        "wz": np.zeros(channels, I8),
        "cq": integers((channels,), np.int16).astype(np.int32),
        "cs": np.linspace(0.005, 0.02, channels, dtype=F32) * F32(0.03),
        "ys": np.asarray(0.25, F32),
        "yz": np.asarray(120, U8),
    }
    nodes = [
        node("QuantizeLinear", ["x", "xs", "xz"], ["xq"]),
        node("DequantizeLinear", ["xq", "xs", "xz"], ["xd"]),
        node("DequantizeLinear", ["wq", "ws", "wz"], ["wd"], axis=axis),
        node("DequantizeLinear", ["cq", "cs"], ["cd"], axis=0),
        node(op_type, ["xd", "wd", "cd"], ["h"], **attributes),
        node("QuantizeLinear", ["h", "ys", "yz"], ["hq"]),
        node("DequantizeLinear", ["hq", "ys", "yz"], ["y"]),
    ]
    return case(nodes, {"x": normals(*x)}, weights, {"y": (F32, len(x))}, macs)


CASES: dict[str, Callable[[], Case]] = {
    "half_matmul": lambda: matmul(F16, tolerance=1e-2),
    "half_gemm": lambda: gemm(F16, tolerance=1e-2),
    "half_conv": lambda: conv(F16, tolerance=1e-2),
    "bfloat16_matmul": lambda: in_float32(matmul(BF16, tolerance=2e-2)),
    "bfloat16_gemm": lambda: in_float32(gemm(BF16, tolerance=2e-2)),
    "bfloat16_conv": lambda: in_float32(conv(BF16, tolerance=2e-2)),
    "double_matmul": lambda: matmul(F64, tolerance=1e-12),
    "double_gemm": lambda: gemm(F64, tolerance=1e-12),
    "double_conv": lambda: in_float32(conv(F64)),
    "cast_half": lambda: cast_weight(F16),
    "cast_bfloat16": lambda: cast_weight(BF16),
    "cast_float8": lambda: cast_weight(F8),
    "cast_float8_wide": lambda: cast_weight(F8_WIDE),
    "float8": lambda: dequantized(F8),
    "float8_column": lambda: dequantized(F8_WIDE, axis=1, zero=False),
    "int8_column": lambda: dequantized(I8, axis=1),
    "int8_left": lambda: dequantized(I8, axis=0, left=True),
    "int4_blocks": lambda: dequantized(I4, axis=0, block=16),
    "uint4_blocks": lambda: dequantized(U4, axis=0, block=32),
    "int4_column": lambda: dequantized(I4, axis=1, zero=False),
    "qdq_conv": lambda: qdq("Conv", (6, 4, 3, 3), (2, 4, 6, 5), 2 * 6 * 30 * 36, axis=0, pads=[1] * 4),
    "qdq_conv_transpose": lambda: qdq(
        "ConvTranspose", (4, 6, 3, 3), (2, 4, 6, 5), 2 * 30 * 4 * 6 * 9, axis=1, strides=[2, 2]
    ),
    "qdq_gemm": lambda: qdq("Gemm", (9, 12), (5, 12), 5 * 12 * 9, axis=0, transB=1),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("target", ["ideal", "awgr8-28g"])
def test_light_computes_what_onnxruntime_computes(name: str, target: str) -> None:
    check(CASES[name](), target)


def test_a_dequantized_weight_is_held_whichever_side_it_stands_on() -> None:
    unit = compile_model(dequantized(I8, axis=0, left=True).model, load_target("ideal"), stop_at="partitioned")
    (gemm_op,) = [op for op in walk(unit.module) if op.name == "optical.gemm"]
    main = next(op for op in unit.module.body.ops if op.sym_name == "main")
    assert gemm_op.operands[0] is main.body.args[0]


@pytest.mark.parametrize(
    ("dtype", "why"), [(np.int32, "nothing bounds their sums"), (np.uint64, "nothing bounds their sums")]
)
def test_wide_integers_say_why_they_stay(dtype: type, why: str) -> None:
    feeds = {"x": np.ones((3, 4), dtype), "w": np.ones((4, 5), dtype)}
    assert why in reasons(case([node("MatMul", ["x", "w"], ["y"])], feeds, {}, {"y": (dtype, 2)}, 0))
