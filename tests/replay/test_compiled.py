"""Compiled programs keep all promises of their schedules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from heliograph.backends import Target, load_target
from heliograph.compiler import compile_model
from heliograph.ir.core import Op
from heliograph.runtime.replay import Replay, replay
from heliograph.runtime.report import build_report

Compiled = Callable[[str], tuple[Op, Target]]
TARGETS = [
    "awgr8-28g",
    "awgr8-28g{opu.count=4,opu.weight_banks=2,ring.settle_ns=10}",
    "awgr8-28g{opu.count=3,opu.weight_banks=3,opu.fsr_orders=2,ring.settle_ns=20,cloud.electronics_site=center}",
    "awgr8-28g{precision.sign_scheme=two-pass,precision.repeats=3,opu.weight_banks=2,ring.settle_ns=1}",
    "awgr8-28g{cloud.fibre_km=0,network.rate_gbps=7,ring.settle_ns=0}",
    "awgr9x4-50g",
    "ideal",
]


def explain(found: Replay) -> str:
    return "\n".join(f"{v.kind} at {v.where}: {v.message}" for v in found.violations)


@pytest.mark.parametrize("spelling", TARGETS)
@pytest.mark.parametrize("batch", [1, 2, 16])
def test_the_generator(compiled: Compiled, spelling: str, batch: int) -> None:
    module, target = compiled(spelling)
    found = replay(module, target, dims={"batch": batch})
    assert found.ok, explain(found)
    assert found.total_ps == found.makespan_ps
    report = build_report(module, target, dims={"batch": batch})
    assert found.loads == sum(layer.weight_loads for layer in report.layers)
    assert found.symbols == sum(layer.symbols for layer in report.layers)
    assert found.total_ps == report.totals.makespan_ps
    calls = {e.name: e for e in found.events if e.kind == "func.call"}
    for layer in report.layers:
        assert calls[layer.name].end_ps - calls[layer.name].start_ps == layer.duration_ps


@pytest.mark.parametrize("spelling", TARGETS)
def test_part_of_the_rounds_finds_the_same(compiled: Compiled, spelling: str) -> None:
    module, target = compiled(spelling)
    whole, part = (replay(module, target, dims={"batch": 5}, whole_tiles=n) for n in (10**9, 0))
    assert not whole.collapsed
    if spelling != "ideal":  # whose four tiles are fewer than a part
        assert part.collapsed
    assert part.ok
    assert (part.total_ps, part.loads, part.symbols) == (whole.total_ps, whole.loads, whole.symbols)


@pytest.mark.parametrize("name", ["capp_gpt", "vaelight_sd_decoder", "silero_vad_if", "nam_wavenet_legacy14"])
@pytest.mark.parametrize("spelling", TARGETS[:3])
@pytest.mark.parametrize("factor", [1, 3])
def test_real_models(shared: Path, name: str, spelling: str, factor: int) -> None:
    target = load_target(spelling)
    module = compile_model(shared / "models" / f"{name}.onnx", target).module
    least = replay(module, target)
    found = replay(module, target, dims={n: factor * least.dims[n] for n in least.assumed_dims})
    assert found.ok, explain(found)


@pytest.mark.parametrize("spelling", TARGETS[:3])
def test_bodies_of_loops_are_played(shared: Path, spelling: str) -> None:
    target = load_target(spelling)
    module = compile_model(shared / "models" / "ml5_charrnn_shakespeare.onnx", target).module
    found = replay(module, target)
    assert found.ok, explain(found)
    control = [e for e in found.events if e.kind == "control.scan"]
    assert len(control) == 2
    main = next(op for op in module.body.ops if op.sym_name == "main")
    scan = next(op for op in main.body.ops if op.name == "control.scan")
    scan.attributes["body_ps"] = (1,)
    assert {v.kind for v in replay(module, target).violations} == {"end"}


def test_millions_of_rounds_take_no_longer(compiled: Compiled) -> None:
    module, target = compiled("awgr8-28g")
    found = replay(module, target, dims={"batch": 10**9}, whole_tiles=100)
    assert found.ok, explain(found)
    assert found.symbols > 10**13
    assert len(found.events) < 20_000


def test_processors_chosen_for_energy(compiled: Compiled) -> None:
    spelling = "awgr8-28g{opu.count=3,opu.weight_banks=2}"
    target = load_target(spelling)
    path = Path(__file__).parents[2] / "models" / "digits_gan" / "digits_gan.onnx"
    module = compile_model(path, target, objective="energy").module
    found = replay(module, target)
    assert found.ok, explain(found)
