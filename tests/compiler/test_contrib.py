"""Products that onnxruntime's own operators hide go to light and give what onnxruntime gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import attention_cases
import grouped_cases
import numpy as np
import pytest
from typed_cases import Case, case, check, contrib, node, normals, reasons

F32, U8 = np.float32, np.uint8
Shape = tuple[int, ...]


def fused_matmul(a: Shape, b: Shape, macs: int, op_type: str = "FusedMatMul", **attributes: object) -> Case:
    """FusedMatMul and its like, of two inputs."""
    made = contrib(op_type, ["a", "b"], ["y"], **attributes)
    feeds = {"a": normals(*a), "b": normals(*b, seed=1)}
    return case([made], feeds, {}, {"y": (F32, max(len(a), len(b)))}, macs)


def matmul_activation() -> Case:
    """FusedMatMulActivation, which onnxruntime has for other processors, against what it stands for."""
    fused = fused_matmul(
        (5, 8), (8, 6), 5 * 8 * 6, "FusedMatMulActivation", activation="LeakyRelu", activation_alpha=0.1, alpha=0.5
    )
    plain = [contrib("FusedMatMul", ["a", "b"], ["h"], alpha=0.5), node("LeakyRelu", ["h"], ["y"], alpha=0.1)]
    return replace(fused, reference=case(plain, fused.feeds, {}, {"y": (F32, 2)}, 0).model)


def fused_conv(activation: str, *parameters: float, added: bool = False) -> Case:
    """FusedConv of an input and a weight."""
    more = {"activation_params": list(parameters)} if parameters else {}
    made = contrib(
        "FusedConv", ["x", "w", "c", *(["z"] if added else [])], ["y"], activation=activation, pads=[1] * 4, **more
    )
    feeds = {"x": normals(2, 3, 6, 5)} | ({"z": normals(2, 4, 6, 5, seed=3)} if added else {})
    weights = {"w": normals(4, 3, 3, 3, seed=1), "c": normals(4, seed=2)}
    return case([made], feeds, weights, {"y": (F32, 4)}, 2 * 4 * 6 * 5 * 27)


def fused_gemm(activation: str, **attributes: object) -> Case:
    """FusedGemm of an input and a weight."""
    made = contrib("FusedGemm", ["x", "w", "c"], ["y"], activation=activation, transB=1, alpha=0.5, **attributes)
    weights = {"w": normals(7, 12, seed=1), "c": normals(7, seed=2)}
    return case([made], {"x": normals(5, 12)}, weights, {"y": (F32, 2)}, 5 * 12 * 7)


def blocks(
    bits: int, k: int, block: int, *, zeros: str = "", bias: bool = False, dtype: type = F32, **attributes: int
) -> Case:
    """MatMulNBits with random codes; `zeros`: "packed" as the codes are, or "float"."""
    random, count = np.random.default_rng(5), -(-k // block)
    weights = {
        "w": random.integers(0, 256, (9, count, block * bits // 8), dtype=U8),
        "s": random.uniform(0.01, 0.05, (9 * count)).astype(dtype),
    }
    if zeros == "packed":
        weights["z"] = random.integers(0, 256, (9 * -(-count * bits // 8)), dtype=U8)
    elif zeros == "float":
        weights["z"] = random.uniform(3, 12, (9 * count)).astype(dtype)
    if bias:
        weights["c"] = normals(9, dtype=dtype)
    names = ["x", "w", "s", "z" if zeros else "", "", *(["c"] if bias else [])]
    made = contrib("MatMulNBits", names, ["y"], bits=bits, block_size=block, K=k, N=9, **attributes)
    feeds = {"x": normals(2, 5, k, dtype=dtype)}
    symbols = {"x": ["batch", 5, k]}
    tolerance = 1e-4 if dtype is F32 else 1e-2
    outputs = {"y": (dtype, 3)}
    return case([made], feeds, weights, outputs, 2 * 5 * 9 * k, symbols=symbols, tolerance=tolerance)


CASES: dict[str, Callable[[], Case]] = {
    "matmul": lambda: fused_matmul((2, 5, 8), (2, 8, 6), 2 * 5 * 8 * 6, alpha=0.5),
    "matmul_trans": lambda: fused_matmul((2, 8, 5), (2, 6, 8), 2 * 5 * 8 * 6, transA=1, transB=1),
    "matmul_trans_batch": lambda: fused_matmul((5, 2, 3, 8), (2, 3, 8, 6), 6 * 5 * 8 * 6, transBatchA=1),
    "matmul_trans_both": lambda: fused_matmul(
        (8, 2, 3, 5), (6, 2, 3, 8), 6 * 5 * 8 * 6, transBatchA=1, transA=1, transBatchB=1, transB=1, alpha=2.0
    ),
    "transpose_matmul": lambda: fused_matmul((2, 8, 5), (8, 6), 2 * 5 * 8 * 6, "TransposeMatMul", transA=1),
    "matmul_activation": matmul_activation,
    "conv_relu": lambda: fused_conv("Relu"),
    "conv_leaky": lambda: fused_conv("LeakyRelu", 0.1),
    "conv_clip": lambda: fused_conv("Clip", -1.0, 2.0),
    "conv_hard_sigmoid": lambda: fused_conv("HardSigmoid", 0.2, 0.4),
    "conv_added": lambda: fused_conv("Relu", added=True),
    "gemm_relu": lambda: fused_gemm("Relu"),
    "gemm_leaky": lambda: fused_gemm("LeakyRelu", activation_alpha=0.1, beta=2.0),
    "int4": lambda: blocks(4, 64, 16),
    "int4_zeros": lambda: blocks(4, 64, 32, zeros="packed", bias=True),
    "int4_odd_blocks": lambda: blocks(4, 48, 16, zeros="packed"),
    "int4_partial_block": lambda: blocks(4, 40, 32, zeros="packed"),
    "int4_float_zeros": lambda: blocks(4, 64, 32, zeros="float"),
    "int4_half": lambda: blocks(4, 64, 32, dtype=np.float16),
    "int8": lambda: blocks(8, 64, 32),
    "int8_zeros": lambda: blocks(8, 64, 32, zeros="packed"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("target", ["ideal", "awgr8-28g"])
def test_light_computes_what_onnxruntime_computes(name: str, target: str) -> None:
    check(CASES[name](), target)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: blocks(2, 64, 32), "weights of 2 bits"),
        (lambda: fused_gemm("Sine"), "activation Sine"),
        (lambda: attention_cases.projecting(do_rotary=1), "rotary embedding inside attention"),
        (lambda: attention_cases.multi_head(mask="ends"), "mask of 4 for"),
        (lambda: grouped_cases.grouped(smooth_softmax=1), "smooth_softmax = 1"),
        (lambda: grouped_cases.grouped(causal=0), "causal = 0"),
    ],
)
def test_what_is_not_covered_says_why(made: Callable[[], Case], why: str) -> None:
    assert why in reasons(made())


@pytest.mark.parametrize("name", attention_cases.CASES)
def test_attention_is_two_products_on_light(name: str) -> None:
    check(attention_cases.CASES[name]())


@pytest.mark.parametrize("name", grouped_cases.CASES)
def test_grouped_attention_is_two_products_on_light(name: str) -> None:
    check(grouped_cases.CASES[name]())
