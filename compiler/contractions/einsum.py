"""Einsum: every letter is an axis, ellipses are spelled out; three and more operands are contracted two at a time.

Steps that sum over a shared letter go to light. The others (products without a sum, diagonals) are electronic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from string import ascii_letters

from heliograph.compiler.contractions.emit import element_of, tensor
from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic, out_type, shape_of
from heliograph.compiler.contractions.matmul import broadcast
from heliograph.ir.core import Op, SymExpr, TensorType, Value, sym

Term = Sequence[str]
Sizes = Mapping[str, SymExpr]


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one Einsum of two or more operands."""
    equation = op.attributes["equation"]
    assert isinstance(equation, str)
    if len(op.operands) == 1:
        raise StaysElectronic("HG2002", "Einsum of one operand")
    shapes = [shape_of(v) for v in op.operands]
    terms, result = _parse(equation, [len(s) for s in shapes])
    sizes: dict[str, SymExpr] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, size in zip(term, shape, strict=True):
            sizes[letter] = broadcast(sizes.get(letter), size)
    if any(letter not in sizes for letter in result) or len(set(result)) != len(result):
        raise StaysElectronic("HG2007", f"'{equation}' makes up or repeats a letter in its result")
    if not _sums(terms, result):
        raise StaysElectronic("HG2002", f"'{equation}' sums over no shared letter")
    values = list(op.operands)
    for place, term in enumerate(terms):
        if len(set(term)) != len(term):
            terms[place] = list(dict.fromkeys(term))
            values[place] = _electronic([values[place]], [term], terms[place], sizes, lowering)
    while len(terms) > 2:
        first, second = _pair(terms, result)
        rest = [t for i, t in enumerate(terms) if i not in (first, second)]
        others = {letter for term in (*rest, result) for letter in term}
        kept = [x for x in dict.fromkeys((*terms[first], *terms[second])) if x in others]
        pair = [terms[first], terms[second]]
        factors = [values[first], values[second]]
        if _sums(pair, kept):
            kind = tensor(element_of(factors[0]), [sizes[x] for x in kept])
            made = _product(factors, pair, kept, sizes, kind, lowering)
        else:
            made = _electronic(factors, pair, kept, sizes, lowering)
        values = [made, *(v for i, v in enumerate(values) if i not in (first, second))]
        terms = [kept, *rest]
    if not _sums(terms, result):
        return [_electronic(values, terms, result, sizes, lowering)]
    kind = out_type(op, [sizes[letter] for letter in result])
    return [_product(values, terms, result, sizes, kind, lowering)]


def _sums(terms: Sequence[Term], result: Term) -> bool:
    """Whether a letter of at least two terms is summed over."""
    letters = [x for term in terms for x in set(term)]
    return any(letters.count(x) > 1 and x not in result for x in letters)


def _pair(terms: Sequence[Term], result: Term) -> tuple[int, int]:
    """The leftmost two terms that share a letter nobody else needs; the first two where none do."""
    for first, second in combinations(range(len(terms)), 2):
        others = [t for i, t in enumerate(terms) if i not in (first, second)]
        needed = {letter for term in (*others, result) for letter in term}
        if set(terms[first]) & set(terms[second]) - needed:
            return first, second
    return 0, 1


def _product(
    values: Sequence[Value], terms: Sequence[Term], result: Term, sizes: Sizes, kind: TensorType, lowering: Lowering
) -> Value:
    """Two operands on light."""
    used = [x for x in sizes if any(x in term for term in terms)]
    axes = {letter: sym(f"axis_{i}") for i, letter in enumerate(used)}
    indices = [
        [sym(0) if size == sym(1) else axes[letter] for letter, size in zip(term, shape_of(value), strict=True)]
        for term, value in zip(terms, values, strict=True)
    ]
    out = [axes[letter] if sizes[letter] != sym(1) else sym(0) for letter in result]
    extents: dict[str, SymExpr | int] = {f"axis_{i}": sizes[x] for i, x in enumerate(used) if sizes[x] != sym(1)}
    return lowering.contract((values[0], indices[0]), (values[1], indices[1]), (kind, out), extents)


def _electronic(
    values: Sequence[Value], terms: Sequence[Term], result: Term, sizes: Sizes, lowering: Lowering
) -> Value:
    """A step without a sum of products."""
    names = dict(zip(dict.fromkeys(x for term in terms for x in term), ascii_letters, strict=False))
    for term, value in zip(terms, values, strict=True):
        if any(sizes[x] != size for x, size in zip(term, shape_of(value), strict=True)):
            raise StaysElectronic("HG2007", "an ellipsis that broadcasts among three or more operands")
    spelled = ["".join(names[x] for x in term) for term in (*terms, result)]
    equation = f"{','.join(spelled[:-1])}->{spelled[-1]}"
    kind = tensor(element_of(values[0]), [sizes[x] for x in result])
    return lowering.onnx("Einsum", list(values), kind, equation=equation)


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
