"""Merged runs against single steps: contractions of random attributes, layouts and sizes, sizes fixed or open."""

from __future__ import annotations

import string
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.diagnostics import HeliographError
from heliograph.runtime import Executor

Draw = Any
FLOATS = {TensorProto.FLOAT: np.float32, TensorProto.DOUBLE: np.float64}


def check(
    op_type: str,
    shapes: list[list[int]],
    open_sizes: list[dict[int, str]],
    held: int | None,
    rank: int,
    kind: int = TensorProto.FLOAT,
    **attributes: Any,
) -> str:
    """One op between elementwise ones, merged and step by step; gives why it was not merged.

    `open_sizes` names dimensions of inputs that stay symbols; the input `held` is a weight.
    """
    names = [f"x{i}" for i in range(len(shapes))]
    random = np.random.default_rng(5)
    arrays = [random.standard_normal(s).astype(FLOATS[kind]) for s in shapes]
    ports = [
        helper.make_tensor_value_info(n, kind, [names_of.get(i, d) for i, d in enumerate(s)])
        for n, s, names_of in zip(names, shapes, open_sizes, strict=True)
    ]
    weights = [] if held is None else [numpy_helper.from_array(arrays[held], names[held])]
    if held is not None:
        del ports[held]
    nodes = [
        *(helper.make_node("Tanh", [n], [f"t{n}"]) for n in names if n != (names[held] if held is not None else "")),
        helper.make_node(op_type, [n if held == i else f"t{n}" for i, n in enumerate(names)], ["y"], **attributes),
        helper.make_node("Neg", ["y"], ["z"]),
    ]
    result = helper.make_tensor_value_info("z", kind, [None] * rank)
    graph = helper.make_graph(nodes, "one", ports, [result], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    try:
        unit = compile_model(model, load_target("ideal"))
    except HeliographError:  # a window larger than the padded image, say
        assume(False)
    feeds = {n: a for i, (n, a) in enumerate(zip(names, arrays, strict=True)) if i != held}
    single = Executor(unit.module, unit.weights, observer=lambda *_: None)
    merged = Executor(unit.module, unit.weights)
    (wanted,) = single.run(feeds).values()
    (found,) = merged.run(feeds).values()
    assert found.dtype == wanted.dtype
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=2e-5, atol=2e-5 * np.abs(wanted).max(initial=1))
    assert merged.engine_stats.calls == single.engine_stats.calls
    single_contractions = merged.single_contractions
    assert single_contractions or merged.sessions == 1  # it was not done again in single steps
    return "; ".join(why for _, why in single_contractions)


@st.composite
def windows(draw: Draw) -> tuple[int, int, list[int], dict[str, Any]]:
    """Rank, groups, kernel and the attributes that convolutions share."""
    rank = draw(st.integers(1, 3))

    def each(low: int, high: int) -> list[int]:
        return draw(st.lists(st.integers(low, high), min_size=rank, max_size=rank))

    attributes: dict[str, Any] = {"strides": each(1, 3), "dilations": each(1, 3)}
    if draw(st.integers(0, 3)):
        attributes["pads"] = [*each(0, 3), *each(0, 3)]
    else:
        attributes["auto_pad"] = draw(st.sampled_from(["SAME_UPPER", "SAME_LOWER", "VALID"]))
    attributes["group"] = draw(st.integers(1, 3))
    return rank, attributes["group"], each(1, 3), attributes


def reaches(kernel: list[int], attributes: dict[str, Any]) -> list[int]:
    """Samples that a dilated kernel spans."""
    return [(k - 1) * d + 1 for k, d in zip(kernel, attributes["dilations"], strict=True)]


@settings(max_examples=30, deadline=None)
@given(st.data(), windows())
def test_conv(data: Draw, window: tuple[int, int, list[int], dict[str, Any]]) -> None:
    rank, group, kernel, attributes = window
    images, channels, filters = (data.draw(st.integers(1, 3)) for _ in range(3))
    image = data.draw(st.lists(st.integers(1, 9), min_size=rank, max_size=rank))
    around = attributes.get("pads", [0] * 2 * rank)
    for i, reach in enumerate(reaches(kernel, attributes)):
        assume(image[i] + around[i] + around[i + rank] >= reach)
    names = data.draw(st.sampled_from([{}, {0: "batch"}, {0: "batch", 2: "height"}]))
    shapes = [[images, group * channels, *image], [group * filters, channels, *kernel]]
    why = check("Conv", shapes, [names, {}], data.draw(st.sampled_from([None, 1])), rank + 2, **attributes)
    fixed = 2 not in names or attributes.get("auto_pad") not in ("SAME_UPPER", "SAME_LOWER")
    assert not (fixed and why)


@settings(max_examples=30, deadline=None)
@given(st.data(), windows())
def test_conv_transpose(data: Draw, window: tuple[int, int, list[int], dict[str, Any]]) -> None:
    rank, group, kernel, attributes = window
    images, channels, filters = (data.draw(st.integers(1, 3)) for _ in range(3))
    image = data.draw(st.lists(st.integers(1, 6), min_size=rank, max_size=rank))
    names = data.draw(st.sampled_from([{}, {0: "batch"}, {0: "batch", 2: "height"}]))
    if data.draw(st.booleans()):
        limits = [max(s, d) - 1 for s, d in zip(attributes["strides"], attributes["dilations"], strict=True)]
        attributes["output_padding"] = [data.draw(st.integers(0, limit)) for limit in limits]
    around = attributes.get("pads", [0] * 2 * rank)
    for i, reach in enumerate(reaches(kernel, attributes)):
        assume((image[i] - 1) * attributes["strides"][i] + reach > around[i] + around[i + rank])
    shapes = [[images, group * channels, *image], [group * channels, filters, *kernel]]
    check("ConvTranspose", shapes, [names, {}], data.draw(st.sampled_from([None, 1])), rank + 2, **attributes)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_matmul(data: Draw) -> None:
    rows, inner, columns, *batch = (data.draw(st.integers(1, 4)) for _ in range(5))
    left, right = data.draw(st.sampled_from([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)]))
    a, b = [*batch[2 - left :], rows, inner], [*batch[2 - right :], inner, columns]
    a = a[1:] if left == 0 and data.draw(st.booleans()) else a
    b = b[:-1] if right == 0 and data.draw(st.booleans()) else b
    held = data.draw(st.sampled_from([None, 0, 1]))
    count = 0 if held == 0 else data.draw(st.integers(0, len(a) - 1)) if right == 0 else min(1, len(a) - 1)
    rank = max(left, right) + (len(a) > 1) + (len(b) > 1)
    kind = data.draw(st.sampled_from(list(FLOATS)))
    assert not check("MatMul", [a, b], [{i: f"size{i}" for i in range(count)}, {}], held, rank, kind)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_gemm(data: Draw) -> None:
    rows, inner, columns = (data.draw(st.integers(1, 5)) for _ in range(3))
    across = [data.draw(st.integers(0, 1)) for _ in range(2)]
    shapes = [[rows, inner][:: 1 - 2 * across[0]], [inner, columns][:: 1 - 2 * across[1]]]
    if data.draw(st.booleans()):
        shapes.append(data.draw(st.sampled_from([[columns], [1, columns], [rows, 1], [1]])))
    names = [{across[0]: "rows"} if data.draw(st.booleans()) and len(shapes) == 2 else {}, *[{}] * (len(shapes) - 1)]
    factors = {"alpha": data.draw(st.sampled_from([1.0, 0.5])), "beta": data.draw(st.sampled_from([1.0, -2.0]))}
    held = data.draw(st.sampled_from([None, 1]))
    assert not check("Gemm", shapes, names, held, 2, transA=across[0], transB=across[1], **factors)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_einsum(data: Draw) -> None:
    letters = data.draw(st.permutations(string.ascii_lowercase[:5]))
    sizes = {x: data.draw(st.integers(1, 3)) for x in letters}
    summed = set(letters[: data.draw(st.integers(1, 2))])
    kept = [x for x in letters if x not in summed]
    owners = {x: data.draw(st.sampled_from([(0,), (1,), (0, 1)])) for x in kept}
    terms = ["".join(data.draw(st.permutations([*summed, *(x for x in kept if i in owners[x])]))) for i in (0, 1)]
    result = "".join(data.draw(st.permutations(kept)))
    named = data.draw(st.sets(st.sampled_from(letters), max_size=3))
    names = [{i: f"size_{x}" for i, x in enumerate(t) if x in named} for t in terms]
    equation = f"{terms[0]},{terms[1]}->{result}"
    why = check("Einsum", [[sizes[x] for x in t] for t in terms], names, None, len(result), equation=equation)
    assert not why or len(named & summed) > 1 or " as " in why


@pytest.mark.parametrize("sizes", [(0, 5), (2, 0)])
def test_nothing_at_all(sizes: tuple[int, int]) -> None:
    rows, inner = sizes
    check("MatMul", [[rows, inner], [inner, 3]], [{0: "rows", 1: "inner"}, {0: "inner"}], None, 2)
