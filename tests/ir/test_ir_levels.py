"""The verifier: each broken rule is named, with the op and its source, and all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from heliograph.ir.core import Op, SymbolRef, TensorType, Value, walk
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.dialects import Adc, Quant, Slot
from heliograph.ir.levels import LEVELS, check, level_of, verify
from heliograph.ir.text import parse_module

FOLDER = Path(__file__).parent / "text"
F32 = TensorType.of("f32", 4)


def sample(level: str) -> Op:
    return parse_module((FOLDER / f"{level}.mlir").read_text("utf-8"))


def first(module: Op, name: str) -> Op:
    return next(op for op in walk(module) if op.name == name)


def drop(attribute: str) -> Callable[[Op], None]:
    return lambda op: op.attributes.pop(attribute) and None


def put(**attributes: object) -> Callable[[Op], None]:
    return lambda op: op.attributes.update(attributes)  # type: ignore[arg-type]


# level, op to change, change, words of the complaint
BREACHES = [
    ("graph", "onnx.Relu", put(slope=1.0), "ONNX knows no attribute slope"),
    ("graph", "onnx.Relu", lambda op: op.operands.clear(), "has 0 inputs, ONNX takes 1"),
    ("graph", "onnx.Conv", lambda op: op.operands.extend(op.operands), "has 6 inputs, ONNX takes 2 to 3"),
    ("graph", "onnx.If", put(**{"helio.subgraphs": ("then_branch", "other")}), "ONNX knows no subgraph other"),
    ("graph", "onnx.If", put(**{"helio.subgraphs": ("then_branch", "then_branch")}), "lacks the attribute else_branch"),
    ("graph", "onnx.If", drop("helio.subgraphs"), "does not name each region"),
    ("graph", "onnx.If", lambda op: op.regions[0].block.ops.pop() and None, "does not end in onnx.yield"),
    ("graph", "onnx.Shape", lambda op: setattr(op, "name", "onnx.Shapes"), "opset 21 has no operator Shapes"),
    ("graph", "onnx.Relu", put(slot=1), "ONNX knows no attribute slot"),
    ("graph", "builtin.module", drop("helio.opsets"), "gives no version for onnx"),
    ("graph", "builtin.module", put(note=1), "has an unknown attribute note"),
    ("graph", "helio.weight", put(ref=1), "ref is 1, not #helio.weight<...>"),
    ("graph", "helio.weight", drop("ref"), "lacks the attribute ref"),
    ("graph", "helio.none", lambda op: setattr(op, "name", "helio.nothing"), "no such op is declared"),
    ("graph", "func.func", put(function_type=F32), "not a type"),
    ("graph", "func.return", lambda op: op.operands.pop() and None, "returned types differ"),
    ("partitioned", "optical.gemm", put(combine=True), "combine is true, not a string"),
    ("partitioned", "optical.gemm", drop("lhs"), "lacks the attribute lhs"),
    ("partitioned", "optical.gemm", put(adc=Adc(bits="x")), "adc: #optical.adc has bits = 'x'"),  # type: ignore[arg-type]
    ("partitioned", "optical.gemm", lambda op: op.operands.reverse(), "map has"),
    ("partitioned", "electronic.yield", lambda op: op.operands.clear(), "yielded types differ"),
    (
        "partitioned",
        "onnx.Gelu",
        lambda op: setattr(op, "name", "optical.detect"),
        "not allowed inside electronic.region",
    ),
    ("tiled", "func.call", put(callee=SymbolRef("gone")), "calls @gone, which the module does not define"),
    ("tiled", "func.call", put(callee=SymbolRef("main")), "calls @main, which is not a private function"),
    ("tiled", "func.call", put(callee=SymbolRef("gemm")), "another number of operands"),
    ("tiled", "tile.for", put(step=(1,)), "axes, extent, step and block arguments differ in number"),
    ("tiled", "tile.for", put(timing=1), "has an unknown attribute timing"),
    ("tiled", "func.func", put(sym_visibility="public"), "tile.for"),
    ("tiled", "tile.gather", put(slot=1), "has an unknown attribute slot"),
    ("scheduled", "tile.for", drop("timing"), "has no timing"),
    ("scheduled", "func.call", drop("slot"), "has no slot"),
    ("scheduled", "tile.scatter", drop("slot"), "has no slot"),
    ("scheduled", "tile.scatter", put(slot=Quant()), "slot is not a #sched.slot"),
    ("scheduled", "tile.gather", put(slot=Slot(SymbolRef("moon"), 0, 1)), "@moon, which is no sched.resource"),
    ("scheduled", "tile.gather", put(slot=Slot("moon", 0, 1)), "on = 'moon'"),  # type: ignore[arg-type]
    ("scheduled", "sched.resource", put(sym_name="gemm"), "the name @gemm is taken twice"),
]


@pytest.mark.parametrize(("level", "name", "change", "words"), BREACHES, ids=lambda p: p if isinstance(p, str) else "")
def test_breach(level: str, name: str, change: Callable[[Op], None], words: str) -> None:
    module = sample(level)
    change(first(module, name))
    problems = verify(module)
    assert any(words in str(d) for d in problems), "\n".join(map(str, problems))
    assert {d.code for d in problems} <= {"HG1102", "HG1103"}
    with pytest.raises(HeliographError):
        check(module)


def test_each_level_refuses_the_samples_of_the_others() -> None:
    for level in LEVELS:
        for other in LEVELS:
            module = sample(other)
            module.attributes["helio.level"] = level
            assert bool(verify(module)) == (level != other), (level, other)


def test_another_level_than_asked() -> None:
    codes = {d.code for d in verify(sample("graph"), "tiled")}
    assert "HG1104" in codes


def test_level_of() -> None:
    assert [level_of(sample(level)) for level in LEVELS] == list(LEVELS)
    for wrong in (None, "grpah", 3):
        module = Op("builtin.module", attributes={} if wrong is None else {"helio.level": wrong})
        with pytest.raises(HeliographError, match="HG1102"):
            level_of(module)
        assert verify(module)


def test_an_unknown_level_is_a_defect_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no level"):
        verify(sample("graph"), "grpah")


def test_all_problems_come_at_once_with_source_names() -> None:
    module = sample("graph")
    first(module, "onnx.Conv").attributes["a"] = 1
    first(module, "onnx.Clip").attributes["b"] = 1
    problems = verify(module)
    assert [(d.op_type, d.node) for d in problems] == [("onnx.Conv", "/features/0/Conv"), ("onnx.Clip", "/clip")]


def test_dominance() -> None:
    module = sample("graph")
    body = next(op for op in module.body.ops if op.sym_name == "main").body
    conv = first(module, "onnx.Conv")
    body.ops.remove(conv)
    body.ops.insert(-1, conv)
    problems = verify(module)
    assert {d.code for d in problems} == {"HG1103"}
    assert problems[0].op_type == "onnx.Clip"


def test_values_of_a_region_end_with_it() -> None:
    module = sample("graph")
    branches = first(module, "onnx.If").regions
    inner = branches[0].block.ops[0].result
    branches[1].block.ops[-1].operands[0] = inner
    assert [d.code for d in verify(module)] == ["HG1103"]


def test_a_value_is_defined_once() -> None:
    module = sample("graph")
    block = first(module, "func.func").body
    block.ops.insert(0, block.ops[0])
    assert any("a second time" in d.message for d in verify(module))


def test_a_terminator_stands_at_the_end() -> None:
    module = sample("graph")
    block = first(module, "func.func").body
    block.ops.insert(0, Op("func.return"))
    assert any("before the end" in d.message for d in verify(module))


@pytest.mark.parametrize(
    ("operand", "words"),
    [
        (TensorType.of("f32", 1, "rows", 32), "a size is 64 in @gemm and 32 in the call"),
        (TensorType.of("f32", 2, "rows", 64), "a size is b = 2 in @gemm and 1 in the call"),
        (TensorType.of("f16", 1, "rows", 64), "takes tensor<?x?x64xf32"),
        (TensorType.of("f32", 1, 64), "takes tensor<?x?x64xf32"),
    ],
)
def test_types_of_a_call(operand: TensorType, words: str) -> None:
    module = sample("tiled")
    call = next(op for op in walk(module) if op.name == "func.call" and op.attributes["callee"] == SymbolRef("gemm"))
    call.operands[0].type = operand
    assert any(words in d.message for d in verify(module)), [str(d) for d in verify(module)]


def test_a_malformed_module_gives_diagnostics_too() -> None:
    module = sample("partitioned")
    gemm = first(module, "optical.gemm")
    gemm.attributes["lhs"] = type(gemm.attributes["lhs"])("m0 +")  # type: ignore[call-arg]
    first(module, "electronic.region").regions.clear()
    words = [d.message for d in verify(module)]
    assert any("is malformed" in w for w in words)
    assert any("has 0 regions, takes 1" in w for w in words)


def test_an_empty_operand_list_from_elsewhere() -> None:
    module = sample("graph")
    first(module, "onnx.Relu").operands[0] = Value(F32, "ghost")
    assert [d.message for d in verify(module)] == ["%ghost is not defined before it is used here"]
