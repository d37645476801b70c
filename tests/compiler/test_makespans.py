"""The makespan that decides how many processors are powered is the one that the schedule then has."""

from __future__ import annotations

import pytest
from small_models import MODELS
from test_control import recurrent

from heliograph.backends import load_target
from heliograph.compiler import compile_model
from heliograph.compiler.passes.makespans import Makespans

CASES = {name: MODELS[name] for name in ("gemm", "conv2d", "matmul_dynamic")}
CASES["lstm"] = lambda: recurrent("LSTM", "bidirectional", bias=True, state=True)


@pytest.mark.parametrize("site", ["edge", "center"])
@pytest.mark.parametrize("name", CASES)
def test_equals_the_schedule(name: str, site: str) -> None:
    model = CASES[name]()
    names = {d.dim_param for v in model.graph.input for d in v.type.tensor_type.shape.dim if d.dim_param}
    sizes = dict.fromkeys(names, 32)
    target = load_target(f"awgr8-28g{{cloud.electronics_site={site},opu.count=3,opu.weight_banks=2}}")
    tiled = compile_model(model, target, dims=sizes, stop_at="tiled")
    makespan_ps = Makespans(tiled.module, target)
    spans = {}
    for count in (1, 2, 3):
        hardware = load_target(f"awgr8-28g{{cloud.electronics_site={site},opu.count={count},opu.weight_banks=2}}")
        module = compile_model(model, hardware, dims=sizes).module
        main = next(op for op in module.body.ops if op.sym_name == "main")
        spans[count] = main.attributes["makespan_ps"]
        assert makespan_ps(count) == spans[count]
    frugal = compile_model(model, target, dims=sizes, objective="energy").module
    powered = next(op for op in frugal.body.ops if op.sym_name == "opus").attributes["count"]
    assert powered == min(spans, key=lambda n: n * spans[n])
