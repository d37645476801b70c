"""Names of sizes and their symbols: every name is one symbol, and is read back from it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heliograph.ir.core import sym
from heliograph.ir.size_names import is_size_name, read_size, size_name, size_symbol, spell_size

NAMES = st.text(
    st.sampled_from("bn_x2e5f.-1 \u00f6") | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12
)


@given(NAMES)
@example("n")
@example("n_")
@example("m0__")
@example("__x5f_")
@example("__xa.")
@example("_.")
@example("._x41_")
def test_a_name_comes_back(name: str) -> None:
    symbol = size_symbol(name)
    assert symbol.isidentifier()
    assert symbol.isascii()
    assert size_name(symbol) == name
    assert str(sym(symbol)) == symbol


@pytest.mark.parametrize("name", ["batch", "past_sequence_length", "seq1", "in", "batch_", "_x", "k_v"])
def test_plain_names_are_their_own_symbols(name: str) -> None:
    assert size_symbol(name) == size_name(name) == name


@pytest.mark.parametrize("axis", ["b", "m", "k", "n", "m0", "k12"])
def test_axes_of_the_ir_are_no_symbols_of_models(axis: str) -> None:
    assert size_symbol(axis) != axis
    assert size_name(axis) == axis  # kernels show theirs as they are


@pytest.mark.parametrize(
    ("text", "symbols", "shown"),
    [
        ("n", {"n_"}, "n"),
        ("n - 1", {"n_"}, "n - 1"),
        ("n*m0 + 2*seq", {"n_", "m0_", "seq"}, "2*seq + m0*n"),
        ("a.b", {"a__x2e_b"}, "a.b"),
        ("4d", {"__x34_d"}, "4d"),
        ("\u00f6re", {"__xf6_re"}, "\u00f6re"),
        ("floordiv(n, 2)", {"n_"}, "floordiv(n, 2)"),
    ],
)
def test_sizes_of_models(text: str, symbols: set[str], shown: str) -> None:
    size = read_size(text)
    assert size.symbols() == symbols
    assert spell_size(size) == shown
    assert is_size_name(text) == (len(symbols) == 1 and text in ("n", "a.b", "4d", "\u00f6re"))


def test_symbols_of_no_such_spelling_are_shown_as_they_are() -> None:
    assert size_name("a__x_b") == "a__x_b"
    assert size_name("a__xffffff_") == "a__xffffff_"
