"""How things are spelled, and that xDSL takes every spelling."""

import math
import struct

import pytest
import xdsl_check
from ir_strategies import SCALARS

from heliograph.ir.core import (
    Block,
    DenseArray,
    DialectType,
    FunctionType,
    Op,
    Region,
    ScalarType,
    SymbolRef,
    TensorType,
    UnknownAttribute,
    Value,
    sym,
)
from heliograph.ir.dialects import AccessMap, Adc, Slot, WeightRef
from heliograph.ir.text import attribute_text, parse_module, print_module, same_value, type_text

SPELLED = {
    "true": True,
    "5": 5,
    "18446744073709551615 : i128": 2**64 - 1,
    "1.0e-05": 1e-5,
    "-0.0": -0.0,
    "0x7FF0000000000000 : f64": math.inf,
    '"a\\"\\\\\\0A\\C3\\A9"': 'a"\\\né',
    '"\\FF"': "\udcff",
    '#sym.expr<"2*b*s">': 2 * sym("b") * sym("s"),
    "@main": SymbolRef("main"),
    '@"a b"': SymbolRef("a b"),
    "array<i64: 1, 2>": DenseArray("i64", (1, 2)),
    "array<f32>": DenseArray("f32", ()),
    '#helio.array<"f32", [0x7FF0000000000000 : f64]>': DenseArray("f32", (math.inf,)),
    '#helio.array<"i4", [1]>': DenseArray("i4", (1,)),
    '[1, "x", []]': (1, "x", ()),
    '{a = 1, "b c" = {}}': {"a": 1, "b c": {}},
    '#helio.weight<"w", file = "f", offset = 8>': WeightRef("w", "f", 8),
    '#optical.map<"m0, k0">': AccessMap("m0, k0"),
    "#optical.adc<bits = 5.5>": Adc(5.5),
    "#optical.adc": Adc(),
    "#sched.slot<on = @x, at_ps = 0, for_ps = 5>": Slot(SymbolRef("x"), 0, 5),
    '#other.thing<1, k = "v">': UnknownAttribute("other.thing", (1,), (("k", "v"),)),
    "tensor<?x3x?xf32, #sym.dims<b, 3, _>>": TensorType.of("f32", "b", 3, None),
    'tensor<?xf32, #sym.dims<"_">>': TensorType.of("f32", "_"),
    'tensor<?xf32, #sym.dims<"2*b">>': TensorType.of("f32", 2 * sym("b")),
    "tensor<?xf32>": TensorType.of("f32", None),
    "tensor<*x!onnx.string>": TensorType(DialectType("onnx.string"), None),
    "(i32) -> ((i32) -> ())": FunctionType((ScalarType("i32"),), (FunctionType((ScalarType("i32"),), ()),)),
    "!onnx.seq<tensor<f32>>": DialectType("onnx.seq", (TensorType.of("f32"),)),
}


@pytest.mark.parametrize("text", SPELLED)
def test_spelling(text: str) -> None:
    value = SPELLED[text]
    assert attribute_text(value) == text
    dump = f"module attributes {{helio.x = {text}}} {{\n}}\n"
    assert same_value(parse_module(dump).attributes["helio.x"], value)
    xdsl_check.check(dump)


@pytest.mark.parametrize("name", SCALARS)
def test_xdsl_knows_every_scalar(name: str) -> None:
    kinds = [ScalarType(name), TensorType.of(name, 2, "b")]
    xdsl_check.check(print_module(Op("a.b", [], kinds)))
    assert type_text(kinds[0]) == name


def test_nan_keeps_its_bits() -> None:
    (odd,) = struct.unpack("<d", struct.pack("<Q", 0xFFF8000000000123))
    assert attribute_text(odd) == "0xFFF8000000000123 : f64"
    assert same_value(parse_module(f"module attributes {{a.b = {attribute_text(odd)}}} {{}}").attributes["a.b"], odd)


def test_names_are_made_unique_and_readable() -> None:
    kind = ScalarType("i32")
    names = ["/layer/0.out", "x", "x", "x_1", "7", "", "é"]
    op = Op("a.b", [], [kind] * len(names), result_names=names)
    pair = Op("a.b", [], [kind, kind])
    use = Op("a.c", [pair.results[1], op.results[2]])
    text = print_module(Op("builtin.module", regions=[Region([Block([], [op, pair, use])])]))
    assert '%_layer_0.out, %x, %x_1, %x_1_1, %_7, %0, %_ = "a.b"()' in text
    assert '%1:2 = "a.b"()' in text
    assert '"a.c"(%1#1, %x_1)' in text
    assert print_module(parse_module(text)) == text


def test_functions_name_their_values_afresh() -> None:
    text = "func.func @f(%x: i32) {\n  func.return\n}\nfunc.func @g(%x: i32) {\n  func.return\n}\n"
    printed = print_module(parse_module(text))
    assert printed.count("(%x: i32)") == 2


def test_a_call_that_gives_sizes_is_spelled_so_that_mlir_takes_it() -> None:
    kernel = "func.func private @k(%x: tensor<?xf32, #sym.dims<m>>) {\n  func.return\n}\n"
    call = '"helio.call"(%x) {callee = @k} : (tensor<4xf32>) -> ()'
    main = f"func.func @main(%x: tensor<4xf32>) {{\n  {call}\n  func.return\n}}"
    module = parse_module(kernel + main)
    assert module.body.ops[1].body.ops[0].name == "func.call"
    text = print_module(module)
    assert call in text
    xdsl_check.check(text)
    exact = text.replace("tensor<?xf32, #sym.dims<m>>", "tensor<4xf32>")
    assert "func.call @k(%x) : (tensor<4xf32>) -> ()" in print_module(parse_module(exact))


def test_odd_functions_fall_back_to_the_generic_form() -> None:
    kind = ScalarType("i32")
    function = Op(
        "func.func",
        attributes={"sym_name": "f", "function_type": FunctionType((), ())},
        regions=[Region([Block([Value(kind, "x")], [Op("func.return")])])],
    )
    text = print_module(function)
    assert text.startswith('"func.func"() ({')
    assert print_module(parse_module(text).body.ops[0]) == text


def test_what_people_write_is_read() -> None:
    text = """// aliases, properties, comments, unit attributes
    !t = tensor<4xf32>
    #w = #helio.weight<name = "w">
    %a = "a.b"() <{unit}> {ref = #w} : () -> (!t) loc(unknown)
    builtin.module { "a.c"() : () -> () loc("f.py":3:7) }"""
    module = parse_module(text)
    op, inner = module.body.ops
    assert op.attributes == {"unit": True, "ref": WeightRef("w")}
    assert op.result.type == TensorType.of("f32", 4)
    assert inner.body.ops[0].loc == "f.py:3:7"
