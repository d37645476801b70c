"""Every model of the zoo compiles once and computes what onnxruntime computes, at two sizes, with all its MACs."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.compiler.unit import Unit
from heliograph.runtime import Executor
from zoo import checks, macs
from zoo.catalogue import CASES, feeds_of


@cache
def model_of(name: str) -> onnx.ModelProto:
    return CASES[name].build()


@cache
def session_of(name: str) -> ort.InferenceSession:
    return macs.session(model_of(name))


@cache
def compiled(name: str, target: str) -> Unit:
    return compile_model(model_of(name), load_target(target))


def sample(name: str, which: int) -> tuple[dict[str, Any], list[Any]]:
    feeds = feeds_of(model_of(name), CASES[name].sizes[which])
    return feeds, session_of(name).run(None, feeds)


@pytest.mark.parametrize("name", CASES)
def test_model_is_valid(name: str) -> None:
    onnx.checker.check_model(model_of(name), full_check=True)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("target", ["awgr8-28g", "ideal"])
def test_one_program_computes_what_onnxruntime_computes_at_two_sizes(name: str, target: str) -> None:
    unit = compiled(name, target)
    for which in (0, 1):
        feeds, expected = sample(name, which)
        assert all(np.isfinite(e).all() for e in expected)
        assert max(np.abs(e).max() for e in expected) > 1e-3
        checks.same(checks.run(unit, feeds), expected, CASES[name].tolerance)


@pytest.mark.parametrize("name", CASES)
def test_all_sizes_share_the_sessions_of_merged_steps(name: str) -> None:
    unit = compiled(name, "awgr8-28g")
    executor = Executor(unit.module, unit.weights, engine="ideal")
    executor.prepare()
    sessions = executor.sessions
    for which in (0, 1):
        executor.run(sample(name, which)[0])
    assert executor.sessions == sessions
    assert all("f16" in why for _, why in executor.single_contractions)


@pytest.mark.parametrize("name", CASES)
def test_macs_are_conserved(name: str) -> None:
    case = CASES[name]
    for sizes in case.sizes:
        feeds = feeds_of(model_of(name), sizes)
        counted = macs.count(model_of(name), feeds) + case.inner_macs(sizes)
        assert checks.program_macs(compiled(name, "awgr8-28g"), feeds) == counted


@pytest.mark.parametrize("name", CASES)
def test_contractions_are_on_light(name: str) -> None:
    assert checks.left_on_electronics(compiled(name, "awgr8-28g")) == CASES[name].electronic


def test_sizes_of_the_cases_differ() -> None:
    for name, case in CASES.items():
        small, large = ({n: v.shape for n, v in feeds_of(model_of(name), s).items()} for s in case.sizes)
        symbolic = any(d.dim_param for i in model_of(name).graph.input for d in i.type.tensor_type.shape.dim)
        assert (small != large) == symbolic, name


@pytest.mark.parametrize("name", sorted(set(CASES) - {"moe_gathered"}))  # there NonZero finds how many tokens go where
def test_every_size_is_an_expression_in_those_of_the_inputs(name: str) -> None:
    assert checks.unknown_sizes(compile_model(model_of(name), load_target("ideal"), stop_at="graph")) == []
