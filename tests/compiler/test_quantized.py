"""Quantized contractions go to light as exact integer products; QDQ models as float contractions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from typed_cases import Case, case, check, contrib, integers, node, normals, reasons

U8, I8, I32, F32 = np.uint8, np.int8, np.int32, np.float32


def matmul_integer(a: type, b: type, *zeros: object, k: int = 12, left: tuple[int, ...] = (3, 5)) -> Case:
    """MatMulInteger of an input and a weight."""
    names = ["x", "w", "xz", "wz"][: 2 + len(zeros)]
    weights = {"w": integers((k, 9), b)} | {
        n: np.asarray(z, dtype=t) for n, z, t in zip(("xz", "wz"), zeros, (a, b), strict=False)
    }
    feeds = {"x": integers((*left, k), a, 1)}
    symbols = {"x": ["batch", *left[1:], k]}
    macs = int(np.prod(left)) * k * 9
    return case(
        [node("MatMulInteger", names, ["y"])],
        feeds,
        weights,
        {"y": (I32, 1 + len(left))},
        macs,
        exact=True,
        symbols=symbols,
    )


def conv_integer(a: type, b: type, *zeros: object, group: int = 1) -> Case:
    """ConvInteger with padding, where the zero point shows."""
    names = ["x", "w", "xz", "wz"][: 2 + len(zeros)]
    weights = {"w": integers((6, 4 // group, 3, 3), b)} | {
        n: np.asarray(z, dtype=t) for n, z, t in zip(("xz", "wz"), zeros, (a, b), strict=False)
    }
    made = node("ConvInteger", names, ["y"], pads=[1, 1, 1, 1], strides=[2, 1], group=group)
    macs = 2 * 6 * 4 * 6 * 9 * (4 // group)
    return case([made], {"x": integers((2, 4, 7, 6), a, 1)}, weights, {"y": (I32, 4)}, macs, exact=True)


def qlinear_matmul(a: type, b: type, w_scale: object = 0.02, w_zero: object = 3, *, dynamic: bool = False) -> Case:
    """QLinearMatMul; `dynamic`: both operands are inputs."""
    w = {"w": integers((12, 9), b)}
    weights = {
        "xs": F32(0.05),
        "xz": a(7),
        "ws": np.asarray(w_scale, F32),
        "wz": np.asarray(w_zero, b),
        "ys": F32(0.31),
        "yz": np.asarray([11], a),
    }
    feeds = {"x": integers((4, 5, 12), a, 1)} | (w if dynamic else {})
    made = node("QLinearMatMul", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["y"])
    weights = {n: np.asarray(v) for n, v in weights.items()} | ({} if dynamic else w)
    return case([made], feeds, weights, {"y": (a, 3)}, 4 * 5 * 12 * 9, exact=True)


def qlinear_conv(a: type, b: type, *, per_channel: bool, bias: bool, domain: str = "", **attributes: object) -> Case:
    """QLinearConv."""
    group = int(attributes.get("group", 1))  # type: ignore[call-overload]
    weights = {
        "xs": np.asarray(0.05, F32),
        "xz": np.asarray(100 if a is U8 else -5, a),
        "w": integers((6, 4 // group, 3, 3), b),
        "ws": np.linspace(0.01, 0.05, 6, dtype=F32) if per_channel else np.asarray(0.02, F32),
        "wz": np.zeros(6, b) if per_channel else np.asarray(0 if b is I8 else 120, b),
        "ys": np.asarray(0.7, F32),
        "yz": np.asarray(5, a),
    } | ({"c": integers((6,), np.int16).astype(I32)} if bias else {})
    names = ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", *(["c"] if bias else [])]
    made = node("QLinearConv", names, ["y"], domain=domain, pads=[1, 1, 1, 1], **attributes)
    macs = 2 * 6 * 7 * 6 * 9 * (4 // group)
    return case([made], {"x": integers((2, 4, 7, 6), a, 1)}, weights, {"y": (a, 4)}, macs, exact=True)


def qgemm(*, bias: bool, requantize: bool, trans: bool, per_column: bool) -> Case:
    """QGemm of com.microsoft."""
    w = integers((12, 9), I8)
    weights = {
        "xs": np.asarray(0.05, F32),
        "xz": np.asarray(100, U8),
        "w": w.T.copy() if trans else w,
        "ws": np.linspace(0.01, 0.05, 9, dtype=F32) if per_column else np.asarray(0.02, F32),
        "wz": np.arange(9, dtype=I8) if per_column else np.asarray(4, I8),
        "c": integers((9,), np.int16).astype(I32),
        "ys": np.asarray(0.7, F32),
        "yz": np.asarray(5, U8),
    }
    names = ["x", "xs", "xz", "w", "ws", "wz", "c" if bias else "", *(["ys", "yz"] if requantize else [])]
    made = contrib("QGemm", names, ["y"], alpha=0.5, transB=int(trans))
    used = {n: v for n, v in weights.items() if n in names}
    feeds = {"x": integers((5, 12), U8, 1)}
    return case([made], feeds, used, {"y": (U8 if requantize else F32, 2)}, 5 * 12 * 9, exact=requantize)


def to_float(*, zeros: bool, bias: bool) -> Case:
    """MatMulIntegerToFloat of com.microsoft, a scale and zero point per column."""
    names = ["x", "w", "xs", "ws", *(["xz", "wz"] if zeros else ["", ""]), *(["c"] if bias else [])]
    weights = {
        "w": integers((12, 9), I8),
        "xs": np.asarray(0.05, F32),
        "ws": np.linspace(0.01, 0.05, 9, dtype=F32),
        "xz": np.asarray(100, U8),
        "wz": np.arange(9, dtype=I8),
        "c": normals(9),
    }
    used = {n: v for n, v in weights.items() if n in names}
    return case(
        [contrib("MatMulIntegerToFloat", names, ["y"])],
        {"x": integers((5, 12), U8, 1)},
        used,
        {"y": (F32, 2)},
        5 * 12 * 9,
    )


def dynamic(*, zero: bool, bias: bool) -> Case:
    """DynamicQuantizeMatMul of com.microsoft."""
    names = ["x", "w", "ws", "wz" if zero else "", *(["c"] if bias else [])]
    weights = {"w": integers((12, 9), I8), "ws": np.asarray(0.02, F32), "wz": np.asarray(4, I8), "c": normals(9)}
    used = {n: v for n, v in weights.items() if n in names}
    return case(
        [contrib("DynamicQuantizeMatMul", names, ["y"])], {"x": normals(5, 12)}, used, {"y": (F32, 2)}, 5 * 12 * 9
    )


CASES: dict[str, Callable[[], Case]] = {
    "matmul_integer": lambda: matmul_integer(U8, I8),
    "matmul_integer_zeros": lambda: matmul_integer(U8, U8, 130, 7),
    "matmul_integer_per_column": lambda: matmul_integer(U8, I8, 130, np.arange(9) - 4),
    "matmul_integer_long": lambda: matmul_integer(U8, U8, 0, 255, k=3000),
    "matmul_integer_wraps": lambda: matmul_integer(U8, U8, 0, 255, k=40000, left=(2, 1)),
    "conv_integer": lambda: conv_integer(U8, U8, 90),
    "conv_integer_zeros": lambda: conv_integer(U8, U8, 90, 17),
    "conv_integer_grouped": lambda: conv_integer(U8, U8, 90, 3, group=2),
    "qlinear_matmul": lambda: qlinear_matmul(U8, I8),
    "qlinear_matmul_signed": lambda: qlinear_matmul(I8, I8),
    "qlinear_matmul_per_column": lambda: qlinear_matmul(U8, I8, np.linspace(0.01, 0.05, 9), np.arange(9)),
    "qlinear_matmul_dynamic": lambda: qlinear_matmul(U8, U8, dynamic=True),
    "qlinear_conv": lambda: qlinear_conv(U8, U8, per_channel=False, bias=False),
    "qlinear_conv_bias": lambda: qlinear_conv(U8, I8, per_channel=True, bias=True),
    "qlinear_conv_signed": lambda: qlinear_conv(I8, I8, per_channel=True, bias=True),
    "qlinear_conv_grouped": lambda: qlinear_conv(U8, I8, per_channel=True, bias=True, group=2),
    "qlinear_conv_contrib": lambda: qlinear_conv(U8, U8, per_channel=False, bias=True, domain="com.microsoft"),
    "qgemm": lambda: qgemm(bias=True, requantize=True, trans=False, per_column=False),
    "qgemm_columns": lambda: qgemm(bias=True, requantize=True, trans=True, per_column=True),
    "qgemm_to_float": lambda: qgemm(bias=False, requantize=False, trans=True, per_column=True),
    "to_float": lambda: to_float(zeros=True, bias=True),
    "to_float_plain": lambda: to_float(zeros=False, bias=False),
    "dynamic": lambda: dynamic(zero=True, bias=True),
    "dynamic_plain": lambda: dynamic(zero=False, bias=False),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("target", ["ideal", "awgr8-28g"])
def test_integer_products_on_light_are_exact(name: str, target: str) -> None:
    check(CASES[name](), target)


def test_what_is_not_covered_says_why() -> None:
    nhwc = qlinear_conv(U8, U8, per_channel=False, bias=True, domain="com.microsoft", channels_last=1)
    assert "QLinearConv with channels last" in reasons(nhwc)
