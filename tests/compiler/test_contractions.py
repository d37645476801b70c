"""Every kind of contraction goes to light, computes what onnxruntime computes, and keeps its MACs."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort
import pytest
from mac_counter import count_macs
from small_models import MODELS, feeds_of

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.ir.control import executed
from heliograph.ir.core import Op, sym
from heliograph.ir.dialects import Work
from heliograph.runtime import Executor

SIZES = {"batch": 3, "height": 7, "width": 6, "time": 5}


def light_macs(module: Op, sizes: dict[str, int]) -> int:
    """MACs of all kernel calls, those in bodies of control flow as often as they run."""
    calls = [(op, times) for op, times in running(module, sizes) if op.name == "func.call"]
    return sum(times * sym(op.attributes["macs"]).evaluate(sizes) for op, times in calls)  # type: ignore[arg-type]


def electronic_macs(module: Op, sizes: dict[str, int]) -> int:
    """MACs of all electronic regions."""
    works = [(op.attributes["work"], n) for op, n in running(module, sizes) if op.name == "electronic.region"]
    return sum(n * w.evaluate(sizes)["macs"] for w, n in works if isinstance(w, Work))


def running(module: Op, sizes: dict[str, int]) -> list[tuple[Op, int]]:
    """Ops of @main with how often they run."""
    main = next(op for op in module.body.ops if op.sym_name == "main")
    return [(r.op, r.times) for r in executed(main.body.ops, lambda e: e.evaluate(sizes))]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("spelling", ["awgr8-28g", "ideal"])
def test_light_computes_what_onnxruntime_computes(name: str, spelling: str) -> None:
    model = MODELS[name]()
    feeds = feeds_of(model, SIZES)
    unit = compile_model(model, load_target(spelling))
    found = Executor(unit.module, unit.weights, engine="ideal").run(feeds)
    expected = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, feeds)
    assert light_macs(unit.module, SIZES) > 0
    for (output, value), reference in zip(found.items(), expected, strict=True):
        assert value.shape == reference.shape, output
        np.testing.assert_allclose(value, reference, rtol=1e-4, atol=1e-4 * np.abs(reference).max())


@pytest.mark.parametrize("name", MODELS)
def test_macs_are_conserved(name: str) -> None:
    model = MODELS[name]()
    unit = compile_model(model, load_target("awgr8-28g"))
    counted = count_macs(model, feeds_of(model, SIZES))
    assert light_macs(unit.module, SIZES) + electronic_macs(unit.module, SIZES) == counted


@pytest.mark.parametrize("name", MODELS)
def test_binding_sizes_first_gives_the_same_program_as_binding_them_last(name: str) -> None:
    model = MODELS[name]()
    names = {d.dim_param for v in model.graph.input for d in v.type.tensor_type.shape.dim if d.dim_param}
    dims = {n: SIZES[n] for n in names}
    symbolic = compile_model(model, load_target("awgr8-28g"))
    bound = compile_model(model, load_target("awgr8-28g"), dims=dims)
    assert light_macs(symbolic.module, SIZES) == light_macs(bound.module, {})
    assert sym(makespan(symbolic.module)).evaluate(SIZES) >= sym(makespan(bound.module)).evaluate({})


def makespan(module: Op) -> int:
    """The makespan of a scheduled module, an int or expression."""
    main = next(op for op in module.body.ops if op.sym_name == "main")
    return main.attributes["makespan_ps"]  # type: ignore[return-value]
