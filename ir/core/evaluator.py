"""Values of many expressions for one binding of sizes.

Times of a schedule build on each other, so that their expressions share almost everything; each shared part is
worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping

from heliograph.ir.core.sym import FUNCTIONS, Atom, Monomial, SymExpr


class Evaluator:
    """Evaluates expressions under one binding, as `SymExpr.evaluate` does one."""

    def __init__(self, binding: Mapping[str, int]) -> None:
        self._binding = binding
        self._atoms: dict[Atom, int] = {}
        self._monomials: dict[Monomial, int] = {(): 1}
        self._expressions: dict[SymExpr, int] = {}

    def __call__(self, expr: SymExpr | int) -> int:
        """The value. Raises KeyError naming the first unbound symbol."""
        if isinstance(expr, int):
            return expr
        if expr.is_constant:
            return expr.constant
        found = self._expressions.get(expr)
        if found is None:
            found = sum(coefficient * self._product(monomial) for monomial, coefficient in expr.terms)
            self._expressions[expr] = found
        return found

    def _product(self, monomial: Monomial) -> int:
        found = self._monomials.get(monomial)
        if found is None:
            found = 1
            for atom in monomial:
                found *= self._atom(atom)
            self._monomials[monomial] = found
        return found

    def _atom(self, atom: Atom) -> int:
        found = self._atoms.get(atom)
        if found is None:
            if atom.is_symbol:
                found = self._binding[atom.name]
            else:
                found = FUNCTIONS[atom.name](*(self(a) for a in atom.args))
            self._atoms[atom] = found
        return found
