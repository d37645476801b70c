"""Whole layers as onnxruntime's optimizer and quantizer write them, without types of inner values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
import pytest
from typed_cases import Case, case, check, contrib, node, normals

F32, I32 = np.float32, np.int32


def encoder_layer() -> Case:
    """A BERT layer after graph optimization: fused attention, normalisation and activation."""
    wide, hidden, places, batch = 16, 32, 5, 2
    weights = {
        "w_qkv": normals(wide, 3 * wide, seed=1),
        "b_qkv": normals(3 * wide, seed=2),
        "w_out": normals(wide, wide, seed=3),
        "b_out": normals(wide, seed=4),
        "w_up": normals(wide, hidden, seed=5),
        "b_up": normals(hidden, seed=6),
        "w_down": normals(hidden, wide, seed=7),
        "gain": np.ones(wide, F32),
        "shift": np.zeros(wide, F32),
    }
    nodes = [
        contrib("Attention", ["x", "w_qkv", "b_qkv", "mask"], ["a"], num_heads=2),
        node("MatMul", ["a", "w_out"], ["p"]),
        contrib("SkipLayerNormalization", ["p", "x", "gain", "shift", "b_out"], ["n"]),
        node("MatMul", ["n", "w_up"], ["u"]),
        contrib("BiasGelu", ["u", "b_up"], ["g"]),
        node("MatMul", ["g", "w_down"], ["d"]),
        contrib("SkipLayerNormalization", ["d", "n", "gain", "shift"], ["y"]),
    ]
    feeds = {"x": normals(batch, places, wide), "mask": np.asarray([5, 3], I32)}
    rows = batch * places
    macs = rows * (3 * wide * wide + 2 * places * wide + wide * wide + 2 * wide * hidden)
    symbols = {"x": ["batch", "places", wide], "mask": ["batch"]}
    return case(nodes, feeds, weights, {"y": (F32, 3)}, macs, opset=17, symbols=symbols)


def decoder_layer() -> Case:
    """A step of a Llama layer in 4 bits: grouped queries, rotary embedding, caches, blocks of weights."""
    wide, hidden, batch, past, heads, groups, width = 64, 96, 2, 3, 4, 2, 16
    random = np.random.default_rng(3)
    weights: dict[str, np.ndarray] = {"gain": np.ones(wide, F32)}
    angles = np.outer(np.arange(16), 0.7 ** np.arange(width // 2))
    weights |= {"cos": np.cos(angles).astype(F32), "sin": np.sin(angles).astype(F32)}

    def blocks(x: str, name: str, rows: int, columns: int) -> onnx.NodeProto:
        weights[f"{name}_w"] = random.integers(0, 256, (columns, rows // 32, 16), dtype=np.uint8)
        weights[f"{name}_s"] = random.uniform(0.005, 0.02, columns * rows // 32).astype(F32)
        return contrib("MatMulNBits", [x, f"{name}_w", f"{name}_s"], [name], bits=4, block_size=32, K=rows, N=columns)

    grouped = ["qkv", "", "", "pk", "pv", "last", "total", "cos", "sin"]
    nodes = [
        node("LayerNormalization", ["x", "gain"], ["n"], axis=-1),
        blocks("n", "qkv", wide, (heads + 2 * groups) * width),
        contrib("GroupQueryAttention", grouped, ["a", "ok", "ov"], num_heads=heads, kv_num_heads=groups, do_rotary=1),
        blocks("a", "o", heads * width, wide),
        contrib("SkipSimplifiedLayerNormalization", ["o", "x", "gain"], ["m", "", "", "s"]),
        blocks("m", "gate", wide, hidden),
        blocks("m", "up", wide, hidden),
        node("Sigmoid", ["gate"], ["sg"]),
        node("Mul", ["gate", "sg"], ["silu"]),
        node("Mul", ["silu", "up"], ["h"]),
        blocks("h", "down", hidden, wide),
        node("Add", ["down", "s"], ["y"]),
    ]
    feeds = {
        "x": normals(batch, 1, wide),
        "pk": normals(batch, groups, past, width, seed=1),
        "pv": normals(batch, groups, past, width, seed=2),
        "last": np.asarray([3, 2], I32),
        "total": np.asarray([4], I32),
    }
    products = wide * (heads + 2 * groups) * width + heads * width * wide + 3 * wide * hidden
    macs = batch * (products + 2 * heads * (past + 1) * width)
    cache = ["batch", groups, "past", width]
    symbols = {"x": ["batch", 1, wide], "pk": cache, "pv": cache, "last": ["batch"]}
    outputs = {"y": (F32, 3), "ok": (F32, 4), "ov": (F32, 4)}
    return case(nodes, feeds, weights, outputs, macs, symbols=symbols)


def dynamically_quantized() -> Case:
    """Two layers as onnxruntime's dynamic quantizer writes them."""
    weights = {
        "w1": np.random.default_rng(1).integers(-127, 128, (12, 20)).astype(np.int8),
        "w2": np.random.default_rng(2).integers(-127, 128, (20, 9)).astype(np.int8),
        "s1": np.asarray(0.01, F32),
        "s2": np.linspace(0.005, 0.02, 9, dtype=F32),
        "z1": np.asarray(0, np.int8),
        "z2": np.zeros(9, np.int8),
    }
    nodes = []
    for layer, (source, result) in enumerate((("x", "h"), ("r", "y")), 1):
        q, s, z, p = (f"{letter}{layer}_" for letter in "qszp")
        nodes += [
            node("DynamicQuantizeLinear", [source], [q, s, z]),
            node("MatMulInteger", [q, f"w{layer}", z, f"z{layer}"], [p]),
            node("Cast", [p], [f"f{layer}"], to=onnx.TensorProto.FLOAT),
            node("Mul", [s, f"s{layer}"], [f"m{layer}"]),
            node("Mul", [f"f{layer}", f"m{layer}"], [result]),
        ]
        if layer == 1:
            nodes.append(node("Relu", ["h"], ["r"]))
    macs = 15 * (12 * 20 + 20 * 9)
    return case(nodes, {"x": normals(3, 5, 12)}, weights, {"y": (F32, 3)}, macs, symbols={"x": ["batch", 5, 12]})


CASES: dict[str, Callable[[], Case]] = {
    "encoder_layer": encoder_layer,
    "decoder_layer": decoder_layer,
    "dynamically_quantized": dynamically_quantized,
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("target", ["ideal", "awgr8-28g"])
def test_every_product_of_a_layer_is_on_light(name: str, target: str) -> None:
    check(CASES[name](), target)
