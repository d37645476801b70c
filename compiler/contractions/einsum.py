"""Einsum of two operands: every letter is an axis, ellipses are spelled out."""

from __future__ import annotations

from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic, out_type, shape_of
from heliograph.compiler.contractions.matmul import broadcast
from heliograph.ir.core import Op, SymExpr, Value, sym


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one Einsum with two operands and no repeated letter within a term."""
    if len(op.operands) != 2:
        raise StaysElectronic("HG2007", f"Einsum of {len(op.operands)} operands")
    equation = op.attributes["equation"]
    assert isinstance(equation, str)
    shapes = [shape_of(v) for v in op.operands]
    terms, result = _parse(equation, [len(s) for s in shapes])
    for term in (*terms, result):
        if len(set(term)) != len(term):
            raise StaysElectronic("HG2007", f"a letter occurs twice in one term of '{equation}'")
    sizes: dict[str, SymExpr] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, size in zip(term, shape, strict=True):
            sizes[letter] = broadcast(sizes.get(letter), size)
    if any(letter not in sizes for letter in result):
        raise StaysElectronic("HG2007", f"'{equation}' makes up a letter in its result")
    if not any(letter in terms[0] and letter in terms[1] and letter not in result for letter in sizes):
        raise StaysElectronic("HG2002", f"'{equation}' sums over no shared letter")
    axes = {letter: sym(f"axis_{i}") for i, letter in enumerate(sizes)}
    indices = [
        [sym(0) if size == sym(1) else axes[letter] for letter, size in zip(term, shape, strict=True)]
        for term, shape in zip(terms, shapes, strict=True)
    ]
    kind = out_type(op, [sizes[letter] for letter in result])
    out = [axes[letter] if sizes[letter] != sym(1) else sym(0) for letter in result]
    extents: dict[str, SymExpr | int] = {f"axis_{i}": s for i, s in enumerate(sizes.values()) if s != sym(1)}
    return [lowering.contract((op.operands[0], indices[0]), (op.operands[1], indices[1]), (kind, out), extents)]


def _parse(equation: str, ranks: list[int]) -> tuple[list[list[str]], list[str]]:
    """Terms and result as lists of letters; an ellipsis becomes names '.0', '.1', ... aligned on the right."""
    left, arrow, right = equation.replace(" ", "").partition("->")
    texts = left.split(",")
    if len(texts) != len(ranks):
        raise StaysElectronic("HG2007", f"'{equation}' has {len(texts)} terms for {len(ranks)} operands")
    terms = []
    for text, rank in zip(texts, ranks, strict=True):
        before, dots, after = text.partition("...")
        hidden = rank - len(before) - len(after)
        if hidden < 0 or (hidden and not dots):
            raise StaysElectronic("HG2007", f"term '{text}' does not fit an operand of rank {rank}")
        terms.append([*before, *(f".{hidden - i}" for i in range(hidden)), *after])
    widest = max((len([x for x in t if x[0] == "."]) for t in terms), default=0)
    ellipsis = [f".{widest - i}" for i in range(widest)]
    if arrow:
        before, dots, after = right.partition("...")
        return terms, [*before, *(ellipsis if dots else []), *after]
    letters = [x for t in terms for x in t if x[0] != "."]
    return terms, [*ellipsis, *sorted(x for x in set(letters) if letters.count(x) == 1)]
