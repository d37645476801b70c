"""Random graphs of branches whose sizes cannot be compared: schedules stay right, makespans exact."""

from __future__ import annotations

import random

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.runtime.replay import replay

WIDTH, SIZES = 16, "ABC"
TARGETS = [
    "awgr8-28g{ring.settle_ns=10,opu.weight_banks=2}",
    "awgr8-28g{cloud.electronics_site=center,opu.count=3}",
    "awgr8-28g{cloud.fibre_km=0,ring.settle_ns=1,opu.weight_banks=2,electronics.launch_ns=0}",
    "ideal",
]


def random_model(rng: random.Random) -> onnx.ModelProto:
    """Products, nonlinearities and sums on three inputs of different sizes, some mixing two of them."""
    values = {s: [s.lower()] for s in SIZES}
    nodes = []
    for i in range(rng.randint(2, 9)):
        size, name = rng.choice(SIZES), f"v{i}"
        x, kind = rng.choice(values[size]), rng.choice(["weights", "weights", "Relu", "Tanh", "Add", "mix"])
        if kind == "weights":
            nodes.append(helper.make_node("MatMul", [x, "w"], [name]))
        elif kind == "Add":
            nodes.append(helper.make_node("Add", [x, rng.choice(values[size])], [name]))
        elif kind == "mix":
            other = rng.choice(SIZES)
            nodes.append(helper.make_node("Transpose", [x], [f"t{i}"], perm=[1, 0]))
            nodes.append(helper.make_node("MatMul", [rng.choice(values[other]), f"t{i}"], [f"m{i}"]))
            nodes.append(helper.make_node("MatMul", [f"m{i}", x], [name]))
            size = other
        else:
            nodes.append(helper.make_node(kind, [x], [name]))
        values[size].append(name)

    def info(name: str, size: str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [size, WIDTH])

    outputs = [info(v, s) for s in SIZES for v in values[s][1:]]
    weights = [numpy_helper.from_array(np.ones((WIDTH, WIDTH), np.float32), "w")]
    graph = helper.make_graph(nodes, "random", [info(s.lower(), s) for s in SIZES], outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


@pytest.mark.parametrize("spelling", TARGETS)
@pytest.mark.parametrize("seed", range(12))
def test_random(spelling: str, seed: int) -> None:
    rng = random.Random(seed)
    target = load_target(spelling)
    module = compile_model(random_model(rng), target, objective=rng.choice(["latency", "energy"])).module
    open_sizes = replay(module, target).assumed_dims
    for _ in range(4):
        dims = {name: rng.choice([1, 2, 7, 50, 1000, 30_000]) for name in open_sizes}
        found = replay(module, target, dims=dims, whole_tiles=2000)
        assert found.ok, f"{dims}: {found.violations}"
