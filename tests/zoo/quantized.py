"""An int8 CNN in QDQ form: every activation and weight passes QuantizeLinear and DequantizeLinear."""

from __future__ import annotations

import numpy as np
import onnx

from zoo.graph import Graph


def build(channels: tuple[int, ...] = (8, 16)) -> onnx.ModelProto:
    """Pictures in, class scores out; weights per channel, activations per tensor."""
    g = Graph("qdq_cnn")
    random = np.random.default_rng(3)
    x, width = _activation(g, g.input("image", "batch", 3, 16, 16), 0.05), 3
    for outputs in channels:
        weight = _weight(g, random, (outputs, width, 3, 3))
        bias_scale = g.constant(np.full(outputs, 1e-3))
        bias = g("DequantizeLinear", g.constant(random.integers(-99, 99, outputs), np.int32), bias_scale, axis=0)
        x = g("Relu", g("Conv", x, weight, bias, strides=[2, 2], pads=[1] * 4))
        x, width = _activation(g, x, 0.05), outputs
    x = g("Flatten", _activation(g, g("GlobalAveragePool", x), 0.05), axis=1)
    scores = g("Gemm", x, _weight(g, random, (10, width)), g.weight(10, scale=0.1), transB=1)
    g.output(_activation(g, scores, 0.05), "scores", "batch", 10)
    return g.model()


def _activation(g: Graph, x: str, scale: float) -> str:
    ends = (g.constant(scale), g.constant(10, np.uint8))
    return g("DequantizeLinear", g("QuantizeLinear", x, *ends), *ends)


def _weight(g: Graph, random: np.random.Generator, shape: tuple[int, ...]) -> str:
    scales = g.constant(random.uniform(0.001, 0.004, shape[0]))
    values = g.constant(random.integers(-127, 128, shape), np.int8)
    return g("DequantizeLinear", values, scales, g.constant(np.zeros(shape[0]), np.int8), axis=0)
