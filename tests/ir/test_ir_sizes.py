"""Size expressions are read with bounds: hostile text is refused quickly, odd names are fine."""

import copy
import pickle

import pytest

from heliograph.ir.core import sym
from heliograph.ir.core.symparse import parse_expr

B, S = sym("b"), sym("s")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2*b*ceildiv(s, 8) - 1", 2 * B * S.ceildiv(8) - 1),
        ("-(b - s)", S - B),
        ("b // 2 + s / 4 + s % 3", B // 2 + S // 4 + S % 3),
        ("Max(b, 2) + min(s, 3)", B.max(2) + S.min(3)),
        ("mod(-7, 8)", sym(1)),
        ("in * None", sym("in") * sym("None")),
        ("größe", sym("größe")),
        (" 7 ", sym(7)),
    ],
)
def test_reads(text: str, value: object) -> None:
    assert parse_expr(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "2*", "b s", "f(b)", "max(b)", "max(b, s, 1)", "(b", "b)", "1_0", "b ** 2", "b.c", "b / 0", "a @ b", "0x10"],
)
def test_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_expr(text)


@pytest.mark.parametrize(
    "text",
    [
        "*".join(f"(a{i} + b{i})" for i in range(300)),
        "+".join(f"a{i}" for i in range(700)),
        "*".join(["x"] * 2000),
        f"({'+'.join(f'a{i}' for i in range(32))})*({'+'.join(f'b{i}' for i in range(32))})" + "*1" * 1500,
        "(" * 2000,
        "-" * 4000 + "1",
        "max(" * 800,
        "b" * 20_000,
    ],
    ids=["product", "sum", "power", "ones", "brackets", "signs", "calls", "length"],
)
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"size expression|too|characters"):
        parse_expr(text)


def test_equal_sizes_are_equal_however_they_were_computed() -> None:
    size = B * S + 3 * B.ceildiv(8) + 5
    assert size * 4 == size + size + size + size
    assert (size * 4).terms == (4 * size).terms
    assert size - size == sym(0) == size * 0
    assert sym(0) + size == size == size * 1
    assert (size - 5).constant == 0
    assert size.constant == 5
    assert (-size).lower_bound() is None
    assert size.lower_bound() == 9


def test_sizes_survive_copies() -> None:
    size = B * S.ceildiv(8).max(B)
    assert copy.deepcopy(size) == pickle.loads(pickle.dumps(size)) == size
    assert hash(copy.deepcopy(size)) == hash(size)


def test_a_multiple_of_a_sum_divides_exactly() -> None:
    total = B * S + B + 3
    assert 32 * total // total == sym(32)
    assert (-2 * total).ceildiv(total) == sym(-2)
    assert 32 * total % total == sym(0)
    assert not ((32 * total + B) // total).is_constant
