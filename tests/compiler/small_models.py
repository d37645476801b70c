"""Small models, one per kind of contraction, with symbolic sizes; and inputs for them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def build(
    nodes: list[onnx.NodeProto],
    inputs: list[tuple[str, list[int | str]]],
    outputs: list[tuple[str, int]],
    weights: dict[str, tuple[int, ...]] | None = None,
    *,
    opset: int = 21,
    seed: int = 0,
) -> onnx.ModelProto:
    """A float model; outputs are (name, rank), weights are random."""
    random = np.random.default_rng(seed)
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(n, FLOAT, s) for n, s in inputs],
        [helper.make_tensor_value_info(n, FLOAT, [None] * r) for n, r in outputs],
        [numpy_helper.from_array(random.normal(size=s).astype(np.float32), n) for n, s in (weights or {}).items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)


def node(op_type: str, inputs: list[str], outputs: list[str], **attributes: object) -> onnx.NodeProto:
    """A node named after its first output."""
    return helper.make_node(op_type, inputs, outputs, name=f"{op_type.lower()}_{outputs[0]}", **attributes)


def conv(
    dims: int, x: list[int | str], w: tuple[int, ...], *, bias: bool = True, **attributes: object
) -> onnx.ModelProto:
    """One Conv of `dims` spatial dimensions."""
    weights = {"w": w} | ({"c": (w[0],)} if bias else {})
    return build([node("Conv", ["x", *weights], ["y"], **attributes)], [("x", x)], [("y", dims + 2)], weights)


def conv_transpose(dims: int, x: list[int | str], w: tuple[int, ...], **attributes: object) -> onnx.ModelProto:
    """One ConvTranspose of `dims` spatial dimensions."""
    return build([node("ConvTranspose", ["x", "w"], ["y"], **attributes)], [("x", x)], [("y", dims + 2)], {"w": w})


def two(op_type: str, x: list[int | str], y: list[int | str], rank: int, **attributes: object) -> onnx.ModelProto:
    """An op of two dynamic operands."""
    return build([node(op_type, ["x", "y"], ["z"], **attributes)], [("x", x), ("y", y)], [("z", rank)])


def with_weight(
    op_type: str, x: list[int | str], w: tuple[int, ...], rank: int, **attributes: object
) -> onnx.ModelProto:
    """An op of one dynamic operand and a weight."""
    return build([node(op_type, ["x", "w"], ["z"], **attributes)], [("x", x)], [("z", rank)], {"w": w})


def gemm(**attributes: object) -> onnx.ModelProto:
    """Gemm with bias: y = alpha x w' + beta c."""
    return build(
        [node("Gemm", ["x", "w", "c"], ["y"], transB=1, **attributes)],
        [("x", ["batch", 20])],
        [("y", 2)],
        {"w": (10, 20), "c": (10,)},
    )


MODELS: dict[str, Callable[[], onnx.ModelProto]] = {
    "conv1d": lambda: conv(1, ["batch", 3, 17], (5, 3, 4), strides=[3], pads=[2, 1]),
    "conv2d": lambda: conv(2, ["batch", 3, "height", "width"], (4, 3, 3, 3), pads=[1, 1, 1, 1]),
    "conv2d_same_upper": lambda: conv(
        2, ["batch", 3, "height", 9], (4, 3, 3, 2), auto_pad="SAME_UPPER", strides=[2, 2]
    ),
    "conv2d_same_lower": lambda: conv(2, [2, 3, 8, 9], (4, 3, 4, 4), auto_pad="SAME_LOWER", strides=[2, 3]),
    "conv2d_valid": lambda: conv(2, ["batch", 3, 8, 9], (4, 3, 4, 4), auto_pad="VALID", bias=False),
    "conv2d_dilated": lambda: conv(2, ["batch", 3, 12, 12], (4, 3, 3, 3), dilations=[2, 3], pads=[1, 0, 2, 3]),
    "conv2d_grouped": lambda: conv(2, ["batch", 6, 7, 7], (4, 3, 3, 3), group=2),
    "conv2d_depthwise": lambda: conv(2, ["batch", 6, 7, 7], (12, 1, 3, 3), group=6, bias=False),
    "conv3d": lambda: conv(3, ["batch", 2, 5, 6, 7], (3, 2, 2, 3, 2), strides=[1, 2, 2], pads=[1, 0, 1, 0, 1, 0]),
    "up1d": lambda: conv_transpose(1, ["batch", 3, 9], (3, 2, 5), strides=[3], output_padding=[1]),
    "up2d": lambda: conv_transpose(2, ["batch", 4, "height", 5], (4, 2, 4, 4), strides=[2, 2], pads=[1, 1, 1, 1]),
    "up2d_grouped": lambda: conv_transpose(2, ["batch", 4, 5, 5], (4, 3, 3, 3), group=2, dilations=[2, 1]),
    "up2d_same": lambda: conv_transpose(2, [2, 4, 5, 5], (4, 2, 3, 3), strides=[2, 2], auto_pad="SAME_UPPER"),
    "up2d_shape": lambda: conv_transpose(2, [2, 4, 5, 5], (4, 2, 3, 3), strides=[2, 2], output_shape=[10, 11]),
    "up3d": lambda: conv_transpose(3, ["batch", 2, 3, 4, 3], (2, 2, 2, 3, 2), strides=[2, 1, 2]),
    "gemm": gemm,
    "gemm_scaled": lambda: gemm(alpha=0.5, beta=2.0),
    "gemm_transposed": lambda: with_weight("Gemm", [20, "batch"], (20, 9), 2, transA=1),
    "matmul": lambda: with_weight("MatMul", ["batch", "time", 12], (12, 9), 3),
    "matmul_left_weight": lambda: build(
        [node("MatMul", ["w", "x"], ["z"])], [("x", ["batch", 12, 7])], [("z", 3)], {"w": (9, 12)}
    ),
    "matmul_dynamic": lambda: two("MatMul", ["batch", 2, "time", 8], ["batch", 2, 8, "time"], 4),
    "matmul_broadcast": lambda: two("MatMul", ["batch", 1, 5, 8], [3, 8, 6], 4),
    "matmul_vector": lambda: with_weight("MatMul", ["batch", 12], (12,), 1),
    "matmul_from_vector": lambda: two("MatMul", [12], [3, 12, 4], 2),
    "einsum": lambda: with_weight("Einsum", ["batch", "time", 12], (2, 12, 6), 4, equation="btd,hdk->bhtk"),
    "einsum_ellipsis": lambda: two("Einsum", ["batch", 3, 5, 8], ["batch", 3, 8, 6], 4, equation="...ij,...jk->...ik"),
    "einsum_implicit": lambda: two("Einsum", [5, 8], [8, 6], 2, equation="ij,jk"),
}


def feeds_of(model: onnx.ModelProto, sizes: dict[str, int], seed: int = 1) -> dict[str, np.ndarray]:
    """Random normal inputs; `sizes` binds symbolic dimensions."""
    random = np.random.default_rng(seed)
    return {
        v.name: random.normal(size=[d.dim_value or sizes[d.dim_param] for d in v.type.tensor_type.shape.dim]).astype(
            np.float32
        )
        for v in model.graph.input
    }
