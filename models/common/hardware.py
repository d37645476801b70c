"""Rewrite an ONNX model so that its layers behave like analog hardware, and count its MACs.

A model of the errors for judging zoo entries; it shares no code with the compiler it is meant for.
"""

from __future__ import annotations

import math

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

LAYERS = ("Gemm", "Conv", "ConvTranspose")


def degrade(model: onnx.ModelProto, noise: float, bits: int | None, seed: int) -> onnx.ModelProto:
    """A copy whose Gemm, Conv and ConvTranspose suffer noise and quantization.

    noise: standard deviation added to each output element before the bias, relative to the rms of
    that output over the whole batch. bits: weights and layer inputs are rounded to 2^(bits-1) - 1
    steps up to their largest magnitude (per tensor); None leaves them exact.
    """
    made = onnx.ModelProto()
    made.CopyFrom(model)
    graph = made.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        if node.op_type not in LAYERS:
            nodes.append(node)
            continue
        name, out = node.name, node.output[0]
        if bits is not None:
            steps = float(2 ** (bits - 1) - 1)
            weight = weights[node.input[1]]
            exact = numpy_helper.to_array(weight)
            unit = max(float(np.abs(exact).max()), 1e-12) / steps
            weight.CopyFrom(numpy_helper.from_array((np.round(exact / unit) * unit).astype(np.float32), weight.name))
            nodes += _rounded(graph, node.input[0], name, steps)
            node.input[0] = f"{name}.rounded"
        if noise:
            bias = numpy_helper.to_array(weights[node.input[2]])
            graph.initializer.remove(weights[node.input[2]])
            shape = (-1,) if node.op_type == "Gemm" else (-1, 1, 1)
            _constant(graph, f"{name}.shift", bias.reshape(shape))
            del node.input[2:]
            node.output[0] = f"{name}.product"
            nodes.append(node)
            nodes += _noisy(graph, name, out, noise, seed + len(nodes))
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(made)
    return made


def _constant(graph: onnx.GraphProto, name: str, value: np.ndarray | float) -> str:
    graph.initializer.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
    return name


def _rounded(graph: onnx.GraphProto, source: str, name: str, steps: float) -> list[onnx.NodeProto]:
    count = _constant(graph, f"{name}.steps", steps)
    return [
        helper.make_node("Abs", [source], [f"{name}.abs"]),
        helper.make_node("ReduceMax", [f"{name}.abs"], [f"{name}.peak"], keepdims=0),
        helper.make_node("Div", [f"{name}.peak", count], [f"{name}.unit"]),
        helper.make_node("Div", [source, f"{name}.unit"], [f"{name}.level"]),
        helper.make_node("Round", [f"{name}.level"], [f"{name}.whole"]),
        helper.make_node("Mul", [f"{name}.whole", f"{name}.unit"], [f"{name}.rounded"]),
    ]


def _noisy(graph: onnx.GraphProto, name: str, out: str, noise: float, seed: int) -> list[onnx.NodeProto]:
    product, level = f"{name}.product", _constant(graph, f"{name}.level_of_noise", noise)
    return [
        helper.make_node("Mul", [product, product], [f"{name}.square"]),
        helper.make_node("ReduceMean", [f"{name}.square"], [f"{name}.power"], keepdims=0),
        helper.make_node("Sqrt", [f"{name}.power"], [f"{name}.rms"]),
        helper.make_node("Mul", [f"{name}.rms", level], [f"{name}.std"]),
        helper.make_node("RandomNormalLike", [product], [f"{name}.normal"], dtype=1, seed=float(seed)),
        helper.make_node("Mul", [f"{name}.normal", f"{name}.std"], [f"{name}.error"]),
        helper.make_node("Add", [product, f"{name}.error"], [f"{name}.noisy"]),
        helper.make_node("Add", [f"{name}.noisy", f"{name}.shift"], [out]),
    ]


def session(model: onnx.ModelProto) -> ort.InferenceSession:
    """A single-threaded onnxruntime session, so that measurements repeat exactly."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def layer_macs(model: onnx.ModelProto) -> list[tuple[str, str, tuple[int, ...], int, int]]:
    """(node, operator, output shape without batch, parameters, MACs per picture) of each layer.

    ConvTranspose is counted without the zeros it inserts: input pixels x kernel.
    """
    shaped = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    known = {
        value.name: tuple(d.dim_value for d in value.type.tensor_type.shape.dim[1:])
        for value in [*shaped.graph.value_info, *shaped.graph.input, *shaped.graph.output]
    }
    weights = {tensor.name: tuple(tensor.dims) for tensor in shaped.graph.initializer}
    rows = []
    for node in shaped.graph.node:
        if node.op_type in LAYERS:
            out, size = known[node.output[0]], math.prod(weights[node.input[1]])
            swept = known[node.input[0]] if node.op_type == "ConvTranspose" else out
            parameters = sum(math.prod(weights[name]) for name in node.input[1:])
            rows.append((node.name, node.op_type, out, parameters, size * math.prod(swept[1:])))
    return rows
