"""Merged runs: what they give, when they end, and that nothing that single steps would tell is lost."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from runtime_programs import contraction, dense_layer, kernel_spec, module, onnx_region, region, weight

from heliograph.ir.core import DenseArray, Op, TensorType, Value, sym
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import IterSpace, Work
from heliograph.ir.kernel import build_kernel
from heliograph.ir.weights import Weights
from heliograph.runtime import Executor, electronics

RNG = np.random.default_rng(11)
START = RNG.bit_generator.state
MAPS = (["m0", "k0"], ["k0", "n0"], ["m0", "n0"])
Regions = Callable[[Value], Sequence[Op]]


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    """Each test draws the same, whichever ran before it."""
    RNG.bit_generator.state = START


def layers(first: Regions, rows: Any, maps: Any = MAPS, *, last: Regions | None = None) -> tuple[Op, Weights, Any]:
    """``last(first(x) @ w)`` for x [batch, 4], where `first` is said to give [rows, 4]."""
    x = Value(TensorType.of("f32", "batch", 4), "x")
    weights, w = Weights(), RNG.standard_normal((4, 3)).astype(np.float32)
    before = first(x)
    held = weight("w", w, weights)
    space = IterSpace(m=(sym(rows),), k=(4,), n=(3,))
    product = contraction(
        before[-1].results[-1],
        held.result,
        maps,
        space,
        TensorType.of("f32", rows, 3),
        "gemm",
        loc="/fc",
    )
    after = (last or (lambda y: [onnx_region(y, "Neg")]))(product[-1].result)
    kernel = build_kernel("gemm", kernel_spec(4, 3))
    return module([*before, held, *product, *after], [x], [after[-1].result], [kernel]), weights, w


def chosen(x: Value) -> list[Op]:
    """A region that gives the rows of x that start with a positive number: how many, only the run finds."""
    arg = Value(x.type, "a")
    axis, start, end = (weight(n, np.array([v], np.int64), element="i64") for n, v in (("d", 1), ("s", 0), ("e", 1)))
    column = Op("onnx.Slice", [arg, start.result, end.result, axis.result], [TensorType.of("f32", "batch", 1)])
    flat = Op("onnx.Squeeze", [column.result, axis.result], [TensorType.of("f32", "batch")])
    zero = weight("z", np.array(0, np.float32))
    positive = Op("onnx.Greater", [flat.result, zero.result], [TensorType.of("i1", "batch")])
    rows = Op("onnx.Compress", [arg, positive.result], [TensorType.of("f32", "count", 4)], {"axis": 0})
    return [region([x], [arg], [axis, start, end, column, flat, zero, positive, rows], [rows.result])]


def lying(x: Value) -> list[Op]:
    """A region that gives one row more than its type says."""
    arg = Value(x.type, "a")
    pads = weight("p", np.array([0, 0, 1, 0], np.int64), element="i64")
    longer = Op("onnx.Pad", [arg, pads.result], [x.type])
    return [region([x], [arg], [pads, longer], [longer.result])]


def lying_alone(x: Value) -> list[Op]:
    """The same in a region that cannot be part of a run: onnxruntime draws other numbers than the reference."""
    (built,) = lying(x)
    ratio, training = weight("r", np.array(0.5, np.float32)), weight("t", np.array(True), element="i1")
    longer = built.body.ops[-2]
    drop = Op("onnx.Dropout", [longer.result, ratio.result, training.result], [x.type], {"seed": 1})
    return [region([x], built.body.args, [*built.body.ops[:-1], ratio, training, drop], [drop.result])]


def test_steps_become_one_session_for_all_sizes() -> None:
    built, weights, w = dense_layer()
    executor = Executor(built, weights)
    executor.prepare()
    assert executor.sessions == 1
    for rows in (3, 1, 0, 7):
        x = RNG.standard_normal((rows, 19)).astype(np.float32)
        np.testing.assert_allclose(executor.run({"x": x})["y0"], np.maximum(x @ w, 0), rtol=1e-5, atol=1e-5)
    assert executor.sessions == 1
    assert executor.engine_stats.calls == 4


def test_who_looks_sees_every_step() -> None:
    built, weights, _ = dense_layer()
    x = np.ones((2, 19), np.float32)
    done: list[tuple[int, int]] = []
    executor = Executor(built, weights, progress=lambda step, steps, op: done.append((step, steps)))
    executor.run({"x": x})
    assert done == [(5, 5)]
    seen: list[str] = []
    executor.observer = lambda op, name, value: seen.append(op.name)
    executor.run({"x": x})
    assert seen == ["tile.gather", "func.call", "tile.scatter", "sched.send", "electronic.region"]
    for options in ({"engine": "quantized"}, {"measure_snr": True}, {"observer": lambda *_: None}):
        assert Executor(built, weights, **options)._merging is None


@pytest.mark.parametrize("first", [lying, lying_alone])
def test_sizes_that_are_not_as_declared_are_an_error_not_a_result(first: Regions) -> None:
    built, weights, _ = layers(first, "batch")
    x = np.ones((2, 4), np.float32)
    texts = []
    for options in ({}, {"observer": lambda *_: None}):
        with pytest.raises(HeliographError, match=r"HG1203.*\(3, 4\) where the program expects \(2, 4\)") as caught:
            Executor(built, weights, **options).run({"x": x})
        texts.append(str(caught.value))
    assert texts[0] == texts[1]


def test_a_size_that_only_the_run_finds() -> None:
    """It stays right inside a run, and behind it for a contraction that is not merged."""
    back = (["count - 1 - m0", "k0"], *MAPS[1:])
    for maps, apart in ((MAPS, False), (back, True)):
        built, weights, w = layers(chosen, "count", maps)
        executor = Executor(built, weights)
        for rows in (5, 3, 5):
            x = RNG.standard_normal((rows, 4)).astype(np.float32)
            kept = x[x[:, 0] > 0]
            wanted = -(kept[::-1] if apart else kept) @ w
            np.testing.assert_allclose(executor.run({"x": x})["y0"], wanted, rtol=1e-5, atol=1e-5)
        assert bool(executor.single_contractions) == apart
        assert executor.sessions == 1 + apart


def test_a_contraction_behind_a_run_finds_the_size_that_the_run_bound() -> None:
    def last(y: Value) -> list[Op]:
        other = weight("v", np.eye(3, dtype=np.float32))
        space = IterSpace(m=(sym("count"),), k=(3,), n=(3,))
        maps = (["count - 1 - m0", "k0"], *MAPS[1:])
        ops = contraction(y, other.result, maps, space, TensorType.of("f32", "count", 3), "square")
        return [other, *ops]

    built, weights, w = layers(chosen, "count", last=last)
    built.body.ops.append(build_kernel("square", kernel_spec(3, 3)))
    executor = Executor(built, weights)
    for rows in (4, 9):
        x = RNG.standard_normal((rows, 4)).astype(np.float32)
        wanted = (x[x[:, 0] > 0] @ w)[::-1]
        np.testing.assert_allclose(executor.run({"x": x})["y0"], wanted, rtol=1e-5, atol=1e-5)


def test_what_onnxruntime_gets_wrong_or_lacks_ends_a_run() -> None:
    def wrong(x: Value) -> list[Op]:
        arg, ratio = Value(x.type, "a"), weight("r", np.array(0.5, np.float32))
        training = weight("t", np.array(True), element="i1")
        node = Op("onnx.Dropout", [arg, ratio.result, training.result], [x.type], {"seed": 1}, loc="/drop")
        return [onnx_region(x, "Abs"), *[region([x], [arg], [ratio, training, node], [node.result])]]

    def lacking(x: Value) -> list[Op]:
        arg = Value(x.type, "a")
        narrow = Op("onnx.Cast", [arg], [TensorType.of("f4E2M1FN", "batch", 4)], {"to": 23})
        wide = Op("onnx.Cast", [narrow.result], [x.type], {"to": 1}, loc="/wide")
        return [region([x], [arg], [narrow, wide], [wide.result])]

    for first, node in ((wrong, "/drop"), (lacking, "/wide")):
        built, weights, _ = layers(first, "batch")
        merged, single = Executor(built, weights), Executor(built, weights, observer=lambda *_: None)
        x = RNG.standard_normal((2, 4)).astype(np.float32)
        np.testing.assert_allclose(merged.run({"x": x})["y0"], single.run({"x": x})["y0"], rtol=1e-5, atol=1e-6)
        assert node in [slow.node for slow in merged.slow_nodes]
        assert merged._merging is not None
        assert len(merged._merging._merged) == 1


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("where", ["image", "weight"])
def test_values_that_are_not_finite_spread_as_in_single_steps(value: float, where: str) -> None:
    """onnxruntime leaves padding out; in a product, zero times infinity is not a number."""
    w = RNG.standard_normal((3, 3, 3)).astype(np.float32)
    image = RNG.standard_normal((2, 3, 6)).astype(np.float32)
    (w if where == "weight" else image)[1, 1, 0] = value
    x = Value(TensorType.of("f32", "batch", 3, 6), "x")
    weights = Weights()
    held = weight("w", w, weights)
    space = IterSpace(m=(sym("batch"), 6), k=(3, 3), n=(3,))
    maps = (["m0", "k0", "m1 + k1 - 1"], ["n0", "k0", "k1"], ["m0", "n0", "m1"])
    ops = contraction(x, held.result, maps, space, x.type, "conv")
    relu = onnx_region(ops[-1].result, "Relu")
    built = module([held, *ops, relu], [x], [relu.result], [build_kernel("conv", kernel_spec(9, 3))])
    merged, single = Executor(built, weights), Executor(built, weights, observer=lambda *_: None)
    found, wanted = (e.run({"x": image})["y0"] for e in (merged, single))
    assert np.isnan(wanted).any() or np.isinf(wanted).any()
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
    assert merged._merging is not None
    assert bool(merged._merging._merged) == (where == "image")


def test_threads_share_one_executor_from_its_first_run_on() -> None:
    built, weights, w = dense_layer()
    executor = Executor(built, weights)
    inputs = [RNG.standard_normal((rows, 19)).astype(np.float32) for rows in range(1, 9)]
    wrong: list[int] = []
    start = threading.Barrier(len(inputs))

    def work(x: np.ndarray) -> None:
        start.wait()
        for _ in range(20):
            if not np.allclose(executor.run({"x": x})["y0"], np.maximum(x @ w, 0), atol=1e-4):
                wrong.append(len(x))

    threads = [threading.Thread(target=work, args=(x,)) for x in inputs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert executor.sessions == 1


def test_weights_beyond_the_bound_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(electronics, "COPIED_BYTES", 100)
    built, weights, w = dense_layer(k=64, n=32)
    executor = Executor(built, weights)
    x = RNG.standard_normal((2, 64)).astype(np.float32)
    np.testing.assert_allclose(executor.run({"x": x})["y0"], np.maximum(x @ w, 0), rtol=1e-4, atol=1e-4)
    (value,) = executor._electronics._values.values()
    assert value.data_ptr() == w.ctypes.data
    ((_, prepared),) = executor._electronics._prepared.values()
    assert list(prepared.held.values()) == [value]


def test_constants_that_regions_compute_are_kept_by_the_session_alone() -> None:
    built, weights, w = dense_layer(k=64, n=32)
    main = built.body.ops[0].body
    position = next(i for i, op in enumerate(main.ops) if op.name == "helio.weight")
    half = onnx_region(main.ops[position].result, "Neg", loc="/half")
    half.attributes |= {"work": Work(), "preparation": Work(elementwise=2048)}
    gather = next(op for op in main.ops if op.name == "tile.gather" and op.attributes["role"] == "rhs")
    gather.operands = [half.result]
    main.ops.insert(position + 1, half)
    executor = Executor(built, weights)
    for rows in (1, 4):
        x = RNG.standard_normal((rows, 64)).astype(np.float32)
        np.testing.assert_allclose(executor.run({"x": x})["y0"], np.maximum(-x @ w, 0), rtol=1e-4, atol=1e-4)
    assert executor.sessions == 1
    assert executor._held.nbytes == 0


def test_what_has_no_plain_form_stays_apart() -> None:
    built, weights, _ = dense_layer()
    built.attributes["helio.opsets"] = {"onnx": 12}
    assert Executor(built, weights)._merging is None
    for maps, why in (
        ((["2*m0", "k0"], *MAPS[1:]), "steps of 2"),
        ((["m0 + 1", "k0"], *MAPS[1:]), "elements from 1 of batch"),
        ((["m0", "m0 + k0"], *MAPS[1:]), "not the dimensions of a convolution"),
    ):
        built, weights, _ = layers(lambda x: [onnx_region(x, "Neg")], "batch", maps)
        ((node, found),) = Executor(built, weights).single_contractions
        assert node == "/fc"
        assert re.search(why, found)


def test_attributes_of_windows() -> None:
    """The raised convolution has the strides, dilations and padding of the maps."""
    x = Value(TensorType.of("f32", 1, 2, 9), "x")
    weights = Weights()
    held = weight("w", RNG.standard_normal((4, 2, 3)).astype(np.float32), weights)
    space = IterSpace(m=(1, 4), k=(2, 3), n=(4,))
    maps = (["m0", "k0", "2*m1 + 2*k1 - 1"], ["n0", "k0", "k1"], ["m0", "n0", "m1"])
    ops = contraction(x, held.result, maps, space, TensorType.of("f32", 1, 4, 4), "conv")
    built = module([held, *ops], [x], [ops[-1].result], [build_kernel("conv", kernel_spec(6, 4))])
    merging = Executor(built, weights)._merging
    assert merging is not None
    (conv,) = (op for op in merging.regions[0].body.ops if op.name == "onnx.Conv")
    wanted = {"strides": (2,), "dilations": (2,), "pads": (1, 1)}
    assert {k: v.values for k, v in conv.attributes.items() if isinstance(v, DenseArray)} == wanted
