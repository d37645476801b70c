"""Expressions that share parts have the values that each has alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_strategies import sizes

from heliograph.ir.core import Evaluator, sym


@given(st.lists(sizes(), max_size=5), st.integers(1, 9))
def test_equals_evaluation_one_by_one(expressions: list[Any], size: int) -> None:
    chain = [sym(0)]
    for expr in expressions:  # as times of a schedule build on each other
        chain.append((chain[-1] + expr).max(chain[-1]))
    binding = dict.fromkeys({name for expr in (*expressions, *chain) for name in expr.symbols()}, size)
    value = Evaluator(binding)
    assert [value(expr) for expr in (*expressions, *chain)] == [
        expr.evaluate(binding) for expr in (*expressions, *chain)
    ]


def test_numbers_and_unbound_symbols() -> None:
    value = Evaluator({"b": 2})
    assert value(7) == 7
    assert value(sym("b").ceildiv(3)) == 1
    with pytest.raises(KeyError, match="s"):
        value(sym("b") + sym("s"))
