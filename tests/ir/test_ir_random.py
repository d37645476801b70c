"""Random modules survive text and bytecode."""

import copy
import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ir_strategies import modules, sizes, values

from heliograph.ir.bytecode import decode, encode
from heliograph.ir.core import Block, DialectType, Op, Region
from heliograph.ir.core.symparse import parse_expr
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.levels import LEVELS, verify
from heliograph.ir.text import attribute_text, difference, parse_module, print_module, same_value

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def refusal(text: str) -> set[str]:
    """Codes with which a text is refused; empty when it parses."""
    try:
        parse_module(text)
    except HeliographError as refused:
        return {d.code for d in refused.diagnostics}
    return set()


@SLOW
@given(modules())
def test_text_is_lossless(module: Op) -> None:
    text = print_module(module)
    again = parse_module(text)
    assert difference(module, again) == ""
    assert print_module(again) == text


@SLOW
@given(modules())
def test_bytecode_is_lossless_and_deterministic(module: Op) -> None:
    data = encode(module)
    again = decode(data)
    assert difference(module, again) == ""
    assert encode(again) == data
    assert encode(copy.deepcopy(module)) == data


@SLOW
@given(values)
def test_attributes_are_lossless(value: object) -> None:
    text = f"module attributes {{helio.x = {attribute_text(value)}}} {{}}"
    assert same_value(parse_module(text).attributes["helio.x"], value)


@SLOW
@given(sizes())
def test_sizes_are_lossless(size: object) -> None:
    assert parse_expr(str(size)) == size


@SLOW
@given(modules(), st.data())
def test_cut_or_changed_text_gives_coded_errors(module: Op, data: st.DataObject) -> None:
    text = print_module(module)
    at = data.draw(st.integers(0, len(text)))
    changed = data.draw(st.sampled_from([text[:at], text[:at] + data.draw(st.text(max_size=3)) + text[at + 1 :]]))
    assert refusal(changed) <= {"HG1101", "HG1102", "HG1103"}


@SLOW
@given(st.text())
def test_any_text_gives_a_module_or_coded_errors(text: str) -> None:
    assert refusal(text) <= {"HG1101", "HG1102", "HG1103"}


@SLOW
@given(modules(), st.sampled_from(LEVELS))
def test_the_verifier_has_an_answer_for_any_module(module: Op, level: str) -> None:
    assert {d.code for d in verify(module, level)} <= {"HG1102", "HG1103", "HG1104"}


def test_a_nan_in_a_type_equals_itself() -> None:
    kind = DialectType("a.b", (math.nan,))
    made = Op("a.b", [], [kind])
    use = Op("a.c", [made.result])
    text = print_module(Op("builtin.module", regions=[Region([Block([], [made, use])])]))
    assert print_module(parse_module(text)) == text
