"""Contractions through access maps against onnxruntime's Conv, ConvTranspose and MatMul."""

from itertools import product

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from heliograph.ir.core import sym
from heliograph.ir.dialects import AccessMap, IterSpace
from heliograph.runtime.access import gather, scatter

RNG = np.random.default_rng(11)


def onnx(op_type, *arrays, **attributes):
    names = [f"i{i}" for i in range(len(arrays))]
    inputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, a.shape) for n, a in zip(names, arrays, strict=True)]
    node = helper.make_node(op_type, names, ["y"], **attributes)
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "g", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip(names, arrays, strict=True)))[0]


def contract(space, x, w, maps, combine, shape, sizes=None):
    lhs = gather(x, space, AccessMap.of(*maps[0]), "lhs", sizes or {})
    rhs = gather(w, space, AccessMap.of(*maps[1]), "rhs", sizes or {})
    return scatter(np.matmul(lhs, rhs), space, AccessMap.of(*maps[2]), combine, shape, sizes or {})


@pytest.mark.parametrize(
    ("rank", "kernel", "stride", "dilation", "pads", "group"),
    [
        (1, 3, 1, 1, (1, 1), 1),
        (2, 3, 2, 1, (1, 1), 1),
        (2, 2, 1, 3, (0, 2), 1),
        (2, 3, 1, 2, (2, 1), 2),
        (2, 3, 1, 1, (1, 1), 4),
        (3, 2, 2, 1, (1, 0), 2),
    ],
)
def test_conv(rank, kernel, stride, dilation, pads, group) -> None:
    x = RNG.standard_normal((2, 4, *(7 + i for i in range(rank)))).astype(np.float32)
    w = RNG.standard_normal((8, 4 // group, *[kernel] * rank)).astype(np.float32)
    attributes = {
        "strides": [stride] * rank,
        "dilations": [dilation] * rank,
        "pads": [pads[0]] * rank + [pads[1]] * rank,
        "group": group,
    }
    wanted = onnx("Conv", x, w, **attributes)
    rows = [f"{stride}*m{i + 1} + {dilation}*k{i + 1} - {pads[0]}" for i in range(rank)]
    taps, places = [f"k{i + 1}" for i in range(rank)], [f"m{i + 1}" for i in range(rank)]
    space = IterSpace(
        b=(group,), m=(sym("batch"), *wanted.shape[2:]), k=(4 // group, *[kernel] * rank), n=(8 // group,)
    )
    maps = (
        ["m0", f"{4 // group}*b0 + k0", *rows],
        [f"{8 // group}*b0 + n0", "k0", *taps],
        ["m0", f"{8 // group}*b0 + n0", *places],
    )
    got = contract(space, x, w, maps, "store", wanted.shape, {"batch": 2})
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("rank", "kernel", "stride", "dilation", "pad", "group"),
    [
        (1, 4, 2, 1, 1, 1),
        (2, 4, 2, 1, 1, 1),
        (2, 3, 1, 2, 2, 1),
        (2, 2, 2, 1, 0, 2),
        (2, 3, 3, 1, 1, 1),
        (3, 3, 2, 1, 1, 1),
    ],
)
def test_conv_transpose(rank, kernel, stride, dilation, pad, group) -> None:
    x = RNG.standard_normal((2, 4, *(3 + i for i in range(rank)))).astype(np.float32)
    w = RNG.standard_normal((4, 3, *[kernel] * rank)).astype(np.float32)
    attributes = {"strides": [stride] * rank, "dilations": [dilation] * rank, "pads": [pad] * 2 * rank, "group": group}
    wanted = onnx("ConvTranspose", x, w, **attributes)
    per = 4 // group
    outs = [f"{stride}*m{i + 1} + {dilation}*n{i + 1} - {pad}" for i in range(rank)]
    space = IterSpace(b=(group,), m=(2, *x.shape[2:]), k=(per,), n=(3, *[kernel] * rank))
    maps = (
        ["m0", f"{per}*b0 + k0", *[f"m{i + 1}" for i in range(rank)]],
        [f"{per}*b0 + k0", "n0", *[f"n{i + 1}" for i in range(rank)]],
        ["m0", "3*b0 + n0", *outs],
    )
    got = contract(space, x, w, maps, "add", wanted.shape)
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-4)


SHAPES = [(), (1,), (3,), (2, 3), (2, 1)]


@pytest.mark.parametrize(("left", "right"), [p for p in product(SHAPES, SHAPES) if max(map(len, p))])
def test_matmul_broadcasts(left, right) -> None:
    x = RNG.standard_normal((*left, 4, 5)).astype(np.float32)
    w = RNG.standard_normal((*right, 5, 6)).astype(np.float32)
    batch = np.broadcast_shapes(left, right)

    def index(own):
        own_axes = range(len(batch) - len(own), len(batch))
        return [f"b{i}" if own[i - len(batch) + len(own)] > 1 else 0 for i in own_axes]

    space = IterSpace(b=batch, m=(4,), k=(5,), n=(6,))
    maps = (
        [*index(left), "m0", "k0"],
        [*index(right), "k0", "n0"],
        [*(f"b{i}" for i in range(len(batch))), "m0", "n0"],
    )
    wanted = onnx("MatMul", x, w)
    got = contract(space, x, w, maps, "store", wanted.shape)
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-4)


def test_low_precision_is_added_in_float32() -> None:
    matrix = np.full((1, 4096, 1), 1.0, np.float16)
    space = IterSpace(m=(4096,), k=(1,), n=(1,))
    total = scatter(matrix, space, AccessMap.of("0"), "add", (1,), {})
    assert total.dtype == np.float16
    assert total[0] == 4096
