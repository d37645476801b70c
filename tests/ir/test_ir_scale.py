"""A module of the size of a real language model goes through text, bytecode and verifier."""

import subprocess
import sys

from heliograph.ir.bytecode import decode, encode
from heliograph.ir.core import Block, FunctionType, Op, Region, TensorType, Value
from heliograph.ir.dialects import WeightRef
from heliograph.ir.levels import check, verify
from heliograph.ir.text import difference, parse_module, print_module


def large_module(layers: int) -> Op:
    kind, weight = TensorType.of("f32", "b", "s", 768), TensorType.of("f32", 768, 768)
    value = argument = Value(kind, "x")
    ops: list[Op] = []
    for i in range(layers):
        ref = WeightRef(f"h.{i}.c_fc.weight", "gpt2.data", i * 2359296, 2359296)
        held = Op("helio.weight", [], [weight], {"ref": ref}, result_names=[ref.name])
        product = Op("onnx.MatMul", [value, held.result], [kind], loc=f"/h.{i}/c_fc/MatMul")
        gelu = Op("onnx.Gelu", [product.result], [kind], {"approximate": "tanh"}, loc=f"/h.{i}/act/Gelu")
        ops += [held, product, gelu]
        value = gelu.result
    main = Op(
        "func.func",
        attributes={"sym_name": "main", "function_type": FunctionType((kind,), (kind,))},
        regions=[Region([Block([argument], [*ops, Op("func.return", [value])])])],
    )
    attributes = {"helio.level": "graph", "helio.opsets": {"onnx": 20}}
    return Op("builtin.module", attributes=attributes, regions=[Region([Block([], [main])])])


def test_a_thousand_layers() -> None:
    module = large_module(1000)
    check(module)
    text = print_module(module)
    assert len(text) > 400_000
    assert difference(module, parse_module(text)) == ""
    data = encode(module)
    assert len(data) < len(text) / 3
    assert difference(module, decode(data)) == ""


def test_many_regions_among_many_values_take_linear_time() -> None:
    kind = TensorType.of("f32")
    ops = [
        Op("onnx.If", [], [kind], {"helio.subgraphs": ("then_branch",)}, [Region([Block([], [Op("onnx.yield")])])])
        for _ in range(4000)
    ]
    module = Op("builtin.module", attributes={"helio.level": "graph"}, regions=[Region([Block([], ops)])])
    assert len(verify(module)) >= 4000
    assert len(parse_module(print_module(module)).body.ops) == 4000


def test_importing_the_ir_loads_neither_lark_nor_onnx() -> None:
    names = "heliograph.ir.text, heliograph.ir.bytecode, heliograph.ir.levels"
    code = f"import sys, {names}; print([m for m in ('lark', 'onnx', 'onnxruntime', 'hypothesis') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
