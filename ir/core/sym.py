"""Symbolic sizes: integer polynomials over symbols and a few integer functions.

A `SymExpr` is a sum of monomials with integer coefficients. The factors of a monomial are *atoms*: a symbol
(`batch`) or an application of `floordiv`, `ceildiv`, `mod`, `max` or `min` to expressions. Expanding into this
form makes equality structural, so that two tensors whose sizes are equal have equal types. Every symbol stands for
a tensor size and is therefore taken to be at least 1 when `max` is simplified.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import ClassVar

FUNCTIONS: dict[str, Callable[[int, int], int]] = {
    "floordiv": lambda a, b: a // b,
    "ceildiv": lambda a, b: -(-a // b),
    "mod": lambda a, b: a % b,
    "max": max,
    "min": min,
}


class Atom:
    """A symbol (`args` empty) or an integer function applied to two expressions.

    Equal atoms are one object, so that comparing and hashing them costs nothing: expressions of schedules have
    hundreds of terms.
    """

    __slots__ = ("args", "name", "text")
    _made: ClassVar[dict[tuple[str, tuple[SymExpr, ...]], Atom]] = {}

    name: str
    args: tuple[SymExpr, ...]
    text: str  # how it is printed, which is also the order of factors

    def __new__(cls, name: str, args: tuple[SymExpr, ...] = ()) -> Atom:
        """The one atom of this name and these arguments."""
        found = cls._made.get((name, args))
        if found is not None:
            return found
        made = object.__new__(cls)
        made.name, made.args = name, args
        made.text = f"{name}({', '.join(str(a) for a in args)})" if args else name
        return cls._made.setdefault((name, args), made)

    def __reduce__(self) -> tuple[type[Atom], tuple[str, tuple[SymExpr, ...]]]:
        return Atom, (self.name, self.args)

    @property
    def is_symbol(self) -> bool:
        """True for a plain symbol."""
        return not self.args

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Atom({self.text})"


Monomial = tuple[Atom, ...]
Term = tuple[Monomial, int]


_text = attrgetter("text")


def _order(term: Term) -> tuple[bool, int, list[str]]:
    monomial, _ = term
    return not monomial, len(monomial), [a.text for a in monomial]


def _canonical(terms: Iterable[Term]) -> tuple[Term, ...]:
    total: dict[Monomial, int] = {}
    for monomial, coefficient in terms:
        total[monomial] = total.get(monomial, 0) + coefficient
    kept = [(m, c) for m, c in total.items() if c]
    return tuple(sorted(kept, key=_order) if len(kept) > 1 else kept)


@dataclass(frozen=True)
class SymExpr:
    """An integer expression; build with `sym` and the arithmetic operators."""

    terms: tuple[Term, ...]

    @cached_property
    def _hash(self) -> int:
        return hash(self.terms)

    def __hash__(self) -> int:
        return self._hash

    @property
    def is_constant(self) -> bool:
        """True when no symbol occurs."""
        return not self.terms or (len(self.terms) == 1 and not self.terms[0][0])

    @property
    def constant(self) -> int:
        """The additive constant (the whole value when `is_constant`)."""
        return self.terms[-1][1] if self.terms and not self.terms[-1][0] else 0  # it comes last

    def __int__(self) -> int:
        if not self.is_constant:
            raise ValueError(f"'{self}' is symbolic")
        return self.constant

    def symbols(self) -> frozenset[str]:
        """Names of all symbols, also those inside functions."""
        return self._symbols

    @cached_property
    def _symbols(self) -> frozenset[str]:
        found: set[str] = set()
        for monomial, _ in self.terms:
            for atom in monomial:
                found |= {atom.name} if atom.is_symbol else {s for a in atom.args for s in a.symbols()}
        return frozenset(found)

    def coefficient(self, symbol: str) -> int:
        """Coefficient of the linear term in `symbol`; 0 when absent."""
        return next((c for m, c in self.terms if len(m) == 1 and m[0] == Atom(symbol)), 0)

    @property
    def is_affine(self) -> bool:
        """True when every term is a constant or an integer times one symbol."""
        return all(len(m) <= 1 and all(a.is_symbol for a in m) for m, _ in self.terms)

    def __add__(self, other: SymExpr | int) -> SymExpr:
        right = sym(other)
        if not self.terms or not right.terms:
            return self if self.terms else right
        return SymExpr(_canonical((*self.terms, *right.terms)))

    __radd__ = __add__

    def __neg__(self) -> SymExpr:
        return self._scaled(-1)

    def __sub__(self, other: SymExpr | int) -> SymExpr:
        return self + (-sym(other))

    def __rsub__(self, other: int) -> SymExpr:
        return sym(other) - self

    def __mul__(self, other: SymExpr | int) -> SymExpr:
        right = sym(other)
        if right.is_constant:
            return self._scaled(right.constant)
        if self.is_constant:
            return right._scaled(self.constant)
        return SymExpr(
            _canonical(
                (tuple(sorted((*ma, *mb), key=_text)), ca * cb) for ma, ca in self.terms for mb, cb in right.terms
            )
        )

    __rmul__ = __mul__

    def _scaled(self, factor: int) -> SymExpr:
        """The product with a number: terms keep their order."""
        if factor == 1:
            return self
        return SymExpr(tuple((m, c * factor) for m, c in self.terms) if factor else ())

    def __floordiv__(self, other: SymExpr | int) -> SymExpr:
        return apply("floordiv", self, sym(other))

    def __mod__(self, other: SymExpr | int) -> SymExpr:
        return apply("mod", self, sym(other))

    def ceildiv(self, other: SymExpr | int) -> SymExpr:
        """Quotient rounded up."""
        return apply("ceildiv", self, sym(other))

    def max(self, other: SymExpr | int) -> SymExpr:
        """The larger of two; simplified when the difference has one sign for all sizes >= 1."""
        return apply("max", self, sym(other))

    def min(self, other: SymExpr | int) -> SymExpr:
        """The smaller of two; simplified as `max` is."""
        return apply("min", self, sym(other))

    def evaluate(self, binding: Mapping[str, int]) -> int:
        """Value under `binding`. Raises KeyError naming the first unbound symbol."""
        if self.is_constant:
            return self.constant
        total = 0
        for monomial, coefficient in self.terms:
            product = coefficient
            for atom in monomial:
                product *= (
                    binding[atom.name]
                    if atom.is_symbol
                    else FUNCTIONS[atom.name](*(a.evaluate(binding) for a in atom.args))
                )
            total += product
        return total

    def substitute(self, binding: Mapping[str, SymExpr | int]) -> SymExpr:
        """Replace symbols by expressions; unbound symbols stay."""
        if self.is_constant:
            return self
        total = sym(0)
        for monomial, coefficient in self.terms:
            product = sym(coefficient)
            for atom in monomial:
                if atom.is_symbol:
                    product = product * binding.get(atom.name, SymExpr((((atom,), 1),)))
                else:
                    product = product * apply(atom.name, *(a.substitute(binding) for a in atom.args))
            total = total + product
        return total

    def lower_bound(self) -> int | None:
        """A lower bound valid for all sizes >= 1, or None when none is known."""
        return self._lower_bound

    @cached_property
    def _lower_bound(self) -> int | None:
        if any(c < 0 and m for m, c in self.terms):
            return None
        bound = 0
        for monomial, coefficient in self.terms:
            if not monomial:
                bound += coefficient
            else:
                floors = [1 if a.is_symbol else _atom_floor(a) for a in monomial]
                if any(f is None for f in floors):
                    return None
                bound += coefficient * math.prod(f for f in floors if f is not None)
        return bound

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        text = ""
        for monomial, coefficient in self.terms:
            factors = [str(a) for a in monomial]
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, str(abs(coefficient)))
            sign = "-" if coefficient < 0 else "+"
            text += f" {sign} {'*'.join(factors)}" if text else ("-" if coefficient < 0 else "") + "*".join(factors)
        return text

    def __repr__(self) -> str:
        return f"sym({str(self)!r})"


def _atom_floor(atom: Atom) -> int | None:
    bounds = [a.lower_bound() for a in atom.args]
    known = [b for b in bounds if b is not None]
    if atom.name == "max":
        return max(known) if known else None
    if None in bounds:
        return None
    if atom.name == "ceildiv":  # a positive size divided by a positive constant, rounded up, is at least 1
        return 1 if known[0] >= 1 and atom.args[1].is_constant else 0
    if atom.name == "min":
        return min(known)
    return 0 if known[0] >= 0 else None


def _divided(left: SymExpr, right: SymExpr) -> SymExpr | None:
    """left / right where right is one monomial that divides every term of left, or left a multiple of right."""
    if len(right.terms) != 1:
        factor = left.terms[0][1] // right.terms[0][1] if left.terms and right.terms else 0
        return sym(factor) if factor and right * factor == left else None
    ((divisors, divisor),) = right.terms
    terms: list[Term] = []
    for monomial, coefficient in left.terms:
        rest = list(monomial)
        for atom in divisors:
            if atom not in rest:
                return None
            rest.remove(atom)
        if coefficient % divisor:
            return None
        terms.append((tuple(rest), coefficient // divisor))
    return SymExpr(_canonical(terms))


def apply(function: str, left: SymExpr, right: SymExpr) -> SymExpr:
    """One of `FUNCTIONS` of two expressions, simplified. Raises ValueError for a division by a constant below 1."""
    if function in ("floordiv", "ceildiv", "mod") and right.is_constant and int(right) <= 0:
        raise ValueError(f"{function} by {right}")
    if left.is_constant and right.is_constant:
        return sym(FUNCTIONS[function](int(left), int(right)))
    if function in ("max", "min"):
        if left == right:
            return left
        for big, small in ((left, right), (right, left)):
            bound = (big - small).lower_bound()
            if bound is not None and bound >= 0:
                return big if function == "max" else small
    elif right.is_constant:
        divisor = int(right)
        rest = SymExpr(tuple(t for t in left.terms if t[1] % divisor))
        if not rest.terms:
            exact = SymExpr(tuple((m, c // divisor) for m, c in left.terms))
            return sym(0) if function == "mod" else exact
    elif left == right:
        return sym(0 if function == "mod" else 1)
    elif (quotient := _divided(left, right)) is not None:
        return sym(0) if function == "mod" else quotient
    return SymExpr((((Atom(function, (left, right)),), 1),))


def sym(value: int | str | SymExpr) -> SymExpr:
    """A constant from an int, a symbol from a name (an identifier), or the expression itself."""
    if isinstance(value, SymExpr):
        return value
    if isinstance(value, str):
        if not value.isidentifier():
            raise ValueError(f"'{value}' is not a symbol name")
        return SymExpr((((Atom(value),), 1),))
    return SymExpr((((), int(value)),) if value else ())
