"""Einsum of several operands: contracted two at a time, with the products counted by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from typed_cases import Case, case, check, node, normals, reasons

SIZES = dict(zip("abcdijkl", (2, 3, 4, 5, 6, 7, 8, 9), strict=True))


def einsum(equation: str, macs: int) -> Case:
    """An Einsum of inputs whose letters have the sizes above."""
    terms = equation.partition("->")[0].split(",")
    feeds = {f"x{n}": normals(*(SIZES[c] for c in term), seed=n) for n, term in enumerate(terms)}
    made = node("Einsum", list(feeds), ["y"], equation=equation)
    return case([made], feeds, {}, {"y": (np.float32, len(equation.partition("->")[2]))}, macs)


CASES: dict[str, Callable[[], Case]] = {
    "chain": lambda: einsum("ij,jk,kl->il", 6 * 7 * 8 + 6 * 8 * 9),
    "attention": lambda: einsum("abid,abjd,abjk->abik", 2 * 3 * 6 * 7 * 5 + 2 * 3 * 6 * 7 * 8),
    "bilinear": lambda: einsum("ai,aj,aij->a", 2 * 6 * 7 + 2 * 7),
    "four": lambda: einsum("ij,jk,kl,l->i", 6 * 7 * 8 + 6 * 8 * 9 + 6 * 9),
    "scaled": lambda: einsum("ij,j,jk->ik", 6 * 7 * 8),
    "diagonal": lambda: einsum("ii,ij->j", 6 * 7),
    "diagonal_batch": lambda: einsum("aij,ajjk->aik", 2 * 6 * 7 * 8),
    "summed_alone": lambda: einsum("ij,jk,kl->i", 6 * 7 * 8 + 6 * 8 * 9),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("target", ["ideal", "awgr8-28g"])
def test_light_computes_what_onnxruntime_computes(name: str, target: str) -> None:
    check(CASES[name](), target)


@pytest.mark.parametrize(
    ("equation", "why"), [("i,j,k->ijk", "sums over no shared letter"), ("ijk->i", "Einsum of one operand")]
)
def test_what_is_no_product_says_why(equation: str, why: str) -> None:
    assert why in reasons(einsum(equation, 0))
