"""Errors in a dump: coded, with line, column, the line itself and what was expected."""

import pytest

from heliograph.ir.core import Block, DialectType, Op, Region, ScalarType, TensorType
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.text import parse_module, print_module

CASES = {
    'module {\n  "a.b"( : () -> ()\n}': ("HG1101", "t:2:10: expected ')' or a value (%name), found :"),
    "module {": ("HG1101", "t:1:9: expected an op or '}', the file ends"),
    'module {\n  "a.b"(%x) : (i32) -> ()\n}': ("HG1103", "t:2:9: %x is used but not defined"),
    '%0 = "a.b"() : () -> i32\n"a.c"(%0) : (f32) -> ()': ("HG1101", "t:2:7: %0 is a i32, used as f32"),
    '%0 = "a.b"() : () -> i32\n%0 = "a.b"() : () -> i32': ("HG1101", "t:2:1: %0 is defined twice"),
    '%0:2 = "a.b"() : () -> i32': ("HG1101", "2 results are named but 1 types are given"),
    '%0 = "a.b"() : () -> i32\n"a.c"(%0#1) : (i32) -> ()': ("HG1101", "%0 has 1 results, so there is no #1"),
    '"a.b"() : () -> i32': ("HG1101", "1 results without a name"),
    '"a.b"() {x = } : () -> ()': ("HG1101", "expected an attribute, found }"),
    '"a.b"() {x = 1, x = 2} : () -> ()': ("HG1101", "t:1:17: 'x' is given twice"),
    '"a.b"() {x = #sym.expr<"2*">} : () -> ()': ("HG1101", "'2*' is not a size expression"),
    '"a.b"() {x = #optical.adc<bit = 1.0>} : () -> ()': ("HG1101", "#optical.adc has no field 'bit'"),
    '"a.b"() {x = #sched.slot<on = @a>} : () -> ()': ("HG1101", "#sched.slot"),
    '"a.b"() {x = #late}\n#late = 5': ("HG1101", "#late is not defined above"),
    '"a.b"() : () -> !late': ("HG1101", "!late is not defined above"),
    '"a.b"() {x = "a\\q"} : () -> ()': ("HG1101", "a backslash is followed by"),
    '"a.b"() {x = "a\n"} : () -> ()': ("HG1101", "the string is not closed on its line"),
    '"a.b"() {x = 1 : f32} : () -> ()': ("HG1101", "write 1.0 for a float"),
    '"a.b"() {x = array<i32: 1.5>} : () -> ()': ("HG1101", "1.5 in an array of i32"),
    '"a.b"() : () -> tensor<4x?xf32, #sym.dims<4>>': ("HG1101", "2 sizes but 1 names"),
    '"a.b"() : () -> tensor<4xf32, #sym.dims<5>>': ("HG1101", "the size is 4, #sym.dims says 5"),
    '"a.b"() : () -> tensor<*xf32, #sym.dims<b>>': ("HG1101", "unknown rank"),
    '"a.b"() ? : () -> ()': ("HG1101", "t:1:9: unexpected character '?'"),
    "func.func @f(%x) {\n}": ("HG1101", "t:1:16: expected ':', found )"),
    'module {\n  func.func @f(%x: i32) {\n    func.return\n  }\n  "a.b"(%x) : (i32) -> ()\n}': (
        "HG1103",
        "t:5:9: %x is used",
    ),
    '"a.b"() ({\n  %0 = "c.d"() : () -> i32\n}, {\n  "e.f"(%0) : (i32) -> ()\n}) : () -> ()': ("HG1103", "t:4:9: %0"),
}


@pytest.mark.parametrize("text", CASES)
def test_error(text: str) -> None:
    code, words = CASES[text]
    with pytest.raises(HeliographError) as caught:
        parse_module(text, filename="t")
    (problem,) = caught.value.diagnostics[:1]
    assert problem.code == code
    assert words in problem.message
    assert "^" in problem.message


def test_the_line_is_shown_with_a_caret() -> None:
    with pytest.raises(HeliographError) as caught:
        parse_module('module {\n  "a.b"(%x) : (i32) -> ()\n}', filename="net.mlir")
    first, line, caret = caught.value.diagnostics[0].message.splitlines()
    assert first.startswith("net.mlir:2:9:")
    assert line[caret.index("^")] == "%"


def test_a_long_line_is_cut_around_the_error() -> None:
    with pytest.raises(HeliographError) as caught:
        parse_module('"a.b"() {' + 'y = "' + "z" * 5000 + '"} : () -> (%)')
    _, line, caret = caught.value.diagnostics[0].message.splitlines()
    assert len(line) < 120
    assert len(caret) <= len(line) + 1


def test_all_undefined_values_are_reported() -> None:
    with pytest.raises(HeliographError) as caught:
        parse_module('"a.b"(%x, %y) : (i32, i32) -> ()\n"a.b"(%z) : (i32) -> ()')
    assert [d.message.split()[1] for d in caught.value.diagnostics] == ["%x", "%y", "%z"]


@pytest.mark.parametrize("opening", ["[", "{a = ", "#a.b<", "() -> ((", "!a.b<", "tensor<4x"])
def test_deep_nesting_is_refused(opening: str) -> None:
    with pytest.raises(HeliographError, match=r"nested more than|expected"):
        parse_module('"a.b"() {x = ' + opening * 50_000)


def test_deep_regions_are_refused() -> None:
    with pytest.raises(HeliographError, match="nested more than"):
        parse_module('"a.b"() ({' * 100 + "}) : () -> ()" * 100)
    op = Op("a.b")
    for _ in range(100):
        op = Op("a.b", regions=[Region([Block([], [op])])])
    with pytest.raises(HeliographError, match="nested more than"):
        print_module(op)


def test_deep_types_are_refused_when_printed() -> None:
    kind = TensorType.of("f32")
    for _ in range(100):
        kind = TensorType(kind, ())
    with pytest.raises(HeliographError, match="nested more than"):
        print_module(Op("a.b", [], [kind]))


def test_aliases_do_not_hide_an_explosion() -> None:
    doubled = "".join(f"#a{i + 1} = [#a{i}, #a{i}]\n" for i in range(60))
    with pytest.raises(HeliographError, match="aliases of aliases"):
        parse_module("#a0 = [1]\n" + doubled)


def test_sums_of_aliases_do_not_hide_an_explosion() -> None:
    lines = ['#e0 = #sym.expr<"a">', *(f'#e{i + 1} = #sym.expr<#e{i}, "b{i}">' for i in range(1000))]
    lines += [f'#s{i} = #sym.expr<#e1000, "c">' for i in range(4000)]
    with pytest.raises(HeliographError, match="terms together"):
        parse_module("\n".join(lines))


@pytest.mark.parametrize("inner", ['"a", "b"', '1, "b"', "#e0", '#e0, "b", "c"', '#e0, "b", named = 1', ""])
def test_malformed_sums_of_sizes(inner: str) -> None:
    with pytest.raises(HeliographError, match="HG1101"):
        parse_module(f'#e0 = #sym.expr<"a">\n#e1 = #sym.expr<{inner}>\nmodule {{}}')


@pytest.mark.parametrize("kind", [ScalarType("str"), DialectType("nodot"), DialectType("a.b>")])
def test_names_that_would_not_read_back_are_refused(kind: ScalarType | DialectType) -> None:
    with pytest.raises(HeliographError, match="HG1102"):
        print_module(Op("a.b", [], [kind]))
