"""Matrix products in bodies of If, Loop and Scan, and in recurrent layers, run on light."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from mac_counter import count_macs
from onnx import numpy_helper
from small_models import build, feeds_of, node
from test_contractions import electronic_macs, light_macs

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.core import Op, walk
from heliograph.ir.levels import LEVELS
from heliograph.ir.reference import interpret
from heliograph.ir.text import parse_module, print_module, structurally_equal
from heliograph.runtime import Executor
from heliograph.runtime.replay import replay

sys.path.insert(0, str(Path(__file__).parents[1] / "ir"))

import xdsl_check

SIZES = {"batch": 3, "time": 5}
IF = """agraph (bool which, float[batch, 6] x) => (float[batch, 6] y) {
    h = Relu(x)
    y = If(which)<
        then_branch = yes () => (float[batch, 6] a) { m = MatMul(h, w) a = Add(m, h) },
        else_branch = no () => (float[batch, 6] b) { b = Neg(h) }>
}"""
LOOP = """agraph (int64 count, float[batch, 6] x) => (float[batch, 6] y, float[n_, batch, 6] all) {
    y, all = Loop(count, , x)<body = body (int64 i, bool c, float[batch, 6] s)
        => (bool c2, float[batch, 6] s2, float[batch, 6] seen) {
        c2 = Identity(c) m = MatMul(s, w) s2 = Tanh(m) seen = Identity(s2) }>
}"""
GROWING = """agraph (int64 count, float[1, 6] x) => (float[long, 6] y) {
    y = Loop(count, , x)<body = body (int64 i, bool c, float[rows, 6] s) => (bool c2, float[more, 6] s2) {
        c2 = Identity(c) m = MatMul(s, w) s2 = Concat<axis = 0>(s, m) }>
}"""
SCAN = """agraph (float[batch, 6] s, float[batch, time, 6] xs) => (float[batch, 6] last, float[batch, time, 6] ys) {
    last, ys = Scan<num_scan_inputs = 1, scan_input_axes = [1], scan_output_axes = [1], scan_input_directions = [1],
                    scan_output_directions = [1], body = body (float[batch, 6] h, float[batch, 6] x)
        => (float[batch, 6] h2, float[batch, 6] out) {
        p = MatMul(h, w) q = Add(p, x) h2 = Tanh(q) out = Identity(h2) }>(s, xs)
}"""


def from_text(text: str) -> onnx.ModelProto:
    """A model in onnx's text form with one weight w [6, 6]."""
    model = onnx.parser.parse_model(f'<ir_version: 9, opset_import: ["" : 20]> {text}')
    w = np.random.default_rng(0).normal(size=(6, 6)).astype(np.float32) / 3
    model.graph.initializer.append(numpy_helper.from_array(w, "w"))
    return model


CONTROL = {
    "if_then": (from_text(IF), {"which": np.array(True)}),
    "if_else": (from_text(IF), {"which": np.array(False)}),
    "loop": (from_text(LOOP), {"count": np.array(4)}),
    "growing": (from_text(GROWING), {"count": np.array(3)}),
    "scan": (from_text(SCAN), {}),
}


def feeds_for(model: onnx.ModelProto, given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Random float inputs and the given ones."""
    floats = onnx.ModelProto.FromString(model.SerializeToString())
    for value in [v for v in floats.graph.input if v.name in given]:
        floats.graph.input.remove(value)
    return feeds_of(floats, SIZES) | given


def check_on_light(model: onnx.ModelProto, feeds: dict[str, np.ndarray]) -> Op:
    """Compile, run on the ideal engine and by the reference, compare with onnxruntime; the module."""
    unit = compile_model(model, load_target("awgr8-28g"))
    expected = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, feeds)
    tiled = compile_model(model, load_target("ideal"), stop_at="partitioned")
    for found in (
        Executor(unit.module, unit.weights, engine="ideal").run(feeds),
        interpret(tiled.module, feeds, tiled.weights),
    ):
        for value, reference in zip(found.values(), expected, strict=True):
            assert value.shape == reference.shape
            np.testing.assert_allclose(value, reference, rtol=1e-4, atol=1e-5)
    played = replay(unit.module, unit.target)
    assert played.ok, played.violations
    return unit.module


@pytest.mark.parametrize("name", CONTROL)
def test_bodies_run_on_light(name: str) -> None:
    model, given = CONTROL[name]
    module = check_on_light(model, feeds_for(model, given))
    bodies = [op for op in walk(module) if op.name.startswith("control.") and op.regions]
    assert bodies
    assert any(op.name == "func.call" for body in bodies for op in walk(body))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", CONTROL)
def test_every_level_is_text(name: str, level: str) -> None:
    module = compile_model(CONTROL[name][0], load_target("awgr8-28g"), stop_at=level).module
    text = print_module(module)
    assert structurally_equal(parse_module(text), module)
    xdsl_check.check(text)


def test_a_loop_may_not_run() -> None:
    unit = compile_model(CONTROL["loop"][0], load_target("awgr8-28g"))
    feeds = feeds_for(CONTROL["loop"][0], {"count": np.array(0)})
    found = Executor(unit.module, unit.weights).run(feeds)
    np.testing.assert_array_equal(found["y"], feeds["x"])


def recurrent(kind: str, direction: str, *, bias: bool, state: bool, **attributes: object) -> onnx.ModelProto:
    """A recurrent layer of width 5 on 4 features."""
    gates, d = {"LSTM": 4, "GRU": 3, "RNN": 1}[kind], 2 if direction == "bidirectional" else 1
    weights: dict[str, tuple[int, ...]] = {"w": (d, gates * 5, 4), "r": (d, gates * 5, 5)}
    weights |= {"b": (d, gates * 10)} if bias else {}
    states = [("h0", [d, "batch", 5])] + ([("c0", [d, "batch", 5])] if kind == "LSTM" else []) if state else []
    operands = ["x", "w", "r", "b" if bias else "", "", *(n for n, _ in states)]
    outputs = [("y", 4), ("yh", 3)] + ([("yc", 3)] if kind == "LSTM" else [])
    layer = node(kind, operands, [n for n, _ in outputs], hidden_size=5, direction=direction, **attributes)
    return build([layer], [("x", ["time", "batch", 4]), *states], outputs, weights)


VARIANTS = [
    (kind, direction, bias, state)
    for kind, direction, (bias, state) in itertools.product(
        ("LSTM", "GRU", "RNN"), ("forward", "reverse", "bidirectional"), ((False, False), (True, True))
    )
]


@pytest.mark.parametrize(("kind", "direction", "bias", "state"), VARIANTS)
def test_recurrent_layers_run_on_light(kind: str, direction: str, bias: bool, state: bool) -> None:
    model = recurrent(kind, direction, bias=bias, state=state)
    feeds = feeds_of(model, SIZES)
    module = check_on_light(model, feeds)
    assert electronic_macs(module, SIZES) == 0
    assert light_macs(module, SIZES) == count_macs(model, feeds)


@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
def test_gru_with_the_reset_gate_after_the_product(direction: str) -> None:
    model = recurrent("GRU", direction, bias=True, state=True, linear_before_reset=1)
    feeds = feeds_of(model, SIZES)
    assert light_macs(check_on_light(model, feeds), SIZES) == count_macs(model, feeds)


@pytest.mark.parametrize(
    "attributes", [{"clip": 0.5}, {"input_forget": 1}, {"activations": ["Sigmoid", "Elu", "Tanh"]}]
)
def test_unusual_recurrent_layers_stay_on_electronics_and_are_counted(attributes: dict[str, object]) -> None:
    model = recurrent("LSTM", "forward", bias=True, state=False, **attributes)
    unit = compile_model(model, load_target("awgr8-28g"))
    assert light_macs(unit.module, SIZES) == 0
    assert electronic_macs(unit.module, SIZES) == 5 * 3 * 20 * (4 + 5)
