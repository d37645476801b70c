"""Pipelines as text, their errors, and what does not grow with sizes."""

from __future__ import annotations

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_models import MODELS

from heliograph.backends import load_target
from heliograph.compiler import DEFAULT, PassRun, compile_model, default_pipeline, parse_pipeline, spell_pipeline
from heliograph.compiler.passes import AssignWavelengths, Partition, Pass, Quantize, Schedule, Tile
from heliograph.ir.core import Op, walk
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.text import print_module

PASSES = st.one_of(
    st.builds(Partition, fallback=st.sampled_from(["electronic", "error"])),
    st.builds(
        Quantize,
        input_scale=st.sampled_from(["dynamic", "static"]),
        input_axis=st.sampled_from(["row", "tensor"]),
        weight_axis=st.sampled_from(["col", "tensor"]),
    ),
    st.builds(Tile),
    st.builds(AssignWavelengths, guard_ghz=st.floats(0, 1000)),
    st.builds(Schedule, objective=st.sampled_from(["latency", "energy"])),
)


@given(st.lists(PASSES, max_size=6))
def test_spelling_reads_back(passes: list[Pass]) -> None:
    assert parse_pipeline(spell_pipeline(passes)) == tuple(passes)


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("partiton", "HG1301", "partition"),
        ("quantize{input-axs=row}", "HG1301", "input-axis"),
        ("quantize{input-axis=row,input-axis=row}", "HG1301", "twice"),
        ("assign-wavelengths{guard-ghz=wide}", "HG1302", "float"),
        ("tile{", "HG1301", "list of passes"),
        (",,", "HG1301", "list of passes"),
    ],
)
def test_bad_pipelines_name_the_nearest_word(text: str, code: str, hint: str) -> None:
    with pytest.raises(HeliographError) as caught:
        parse_pipeline(text)
    assert [d.code for d in caught.value.diagnostics] == [code]
    assert hint in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tile", "HG1303"),
        ("partition,partition", "HG1303"),
        ("partition,quantize{input-axis=column}", "HG1302"),
        ("partition,quantize{input-scale=static}", "HG1305"),
        ("partition,tile,schedule{objective=beauty}", "HG1302"),
        ("partition,tile,assign-wavelengths{guard-ghz=2000}", "HG1302"),
        ("partition,tile,assign-wavelengths{guard-ghz=90}", "HG4006"),
    ],
)
def test_pipelines_that_cannot_run(text: str, code: str) -> None:
    with pytest.raises(HeliographError) as caught:
        compile_model(MODELS["gemm"](), load_target("awgr8-28g"), pipeline=parse_pipeline(text))
    assert caught.value.diagnostics[0].code == code


def test_fallback_error_lists_every_contraction_left_on_electronics() -> None:
    graph = (
        "g (int32[2,4] x, int32[4,5] y, float[3,3] s) => (int32[2,5] z, float[3] d) "
        '{ [first] z = MatMul(x, y) [second] d = Einsum<equation="ii->i">(s) }'
    )
    model = onnx.parser.parse_model(f'<ir_version: 9, opset_import: ["" : 20]> {graph}')
    with pytest.raises(HeliographError) as caught:
        compile_model(model, load_target("awgr8-28g"), fallback="error")
    first = caught.value.diagnostics[0]
    assert (first.op_type, first.node) == ("MatMul", "first")
    assert "i32" in str(caught.value)


def test_stop_at_each_level_and_observe_each_pass() -> None:
    seen: list[PassRun] = []
    model, target = MODELS["conv2d"](), load_target("awgr8-28g")
    for level in ("graph", "partitioned", "tiled", "scheduled"):
        assert compile_model(model, target, stop_at=level).module.attributes["helio.level"] == level
    compile_model(model, target, observer=seen.append)
    assert [run.step for run in seen] == list(DEFAULT) == list(default_pipeline())
    assert seen[0].notes.done["Conv to light"] == 1


def _size(module: Op) -> tuple[int, int]:
    return sum(1 for _ in walk(module)), len(print_module(module))


@pytest.mark.parametrize("name", ["conv2d", "up2d", "matmul_dynamic", "einsum"])
def test_ir_size_does_not_depend_on_batch_or_picture_size(name: str) -> None:
    target = load_target("awgr8-28g")
    model = MODELS[name]()
    names = {d.dim_param for v in model.graph.input for d in v.type.tensor_type.shape.dim if d.dim_param}
    small, large = (_size(compile_model(model, target, dims=dict.fromkeys(names, size)).module) for size in (16, 4096))
    assert small[0] == large[0]
    assert large[1] < 1.2 * small[1]  # only the digits of the numbers grow


def test_more_processors_shorten_the_schedule_and_energy_objective_may_power_fewer() -> None:
    model = MODELS["gemm"]()
    spans = {}
    for count in (1, 2, 4):
        unit = compile_model(model, load_target(f"awgr8-28g{{opu.count={count}}}"), dims={"batch": 64})
        main = next(op for op in unit.module.body.ops if op.sym_name == "main")
        spans[count] = int(str(main.attributes["makespan_ps"]))
    assert spans[1] > spans[2] > spans[4]
    frugal = compile_model(model, load_target("awgr8-28g{opu.count=4}"), dims={"batch": 64}, objective="energy")
    powered = next(op for op in frugal.module.body.ops if op.sym_name == "opus").attributes["count"]
    assert powered == 1  # transfers and reloads do not shrink with more processors
