"""Names for what is long: types, and size expressions such as the start times of a schedule.

They stand above the module, as MLIR writes them. Start times of a long symbolic schedule differ in few terms from the
one before, so an expression may be written as another one plus the rest:

    !t0 = tensor<?x?x64xf32, #sym.dims<"...", "...", 64>>
    #e0 = #sym.expr<"...">
    #e1 = #sym.expr<#e0, "4*floordiv(height - 1, 2) + 25">
"""

from __future__ import annotations

from collections.abc import Iterator

from heliograph.ir.core import SymExpr
from heliograph.ir.text.spelling import quote

_LONG = 320  # characters above which a type or an expression gets a name
_PIECE = 1000  # characters of one line, roughly


class Aliases:
    """The names given so far, and their definitions in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._types: dict[str, str] = {}
        self._expressions: dict[SymExpr, str] = {}
        self._last = SymExpr(())

    def type(self, text: str) -> str:
        """The text of a type, or its name."""
        if len(text) <= _LONG:
            return text
        name = self._types.get(text)
        if name is None:
            name = self._types[text] = f"!t{len(self._types)}"
            self.lines.append(f"{name} = {text}")
        return name

    def expression(self, value: SymExpr) -> str:
        """The name of a long expression; empty for a short one."""
        name = self._expressions.get(value, "")
        if not name and (len(value.terms) > _LONG // 8 or len(str(value)) > _LONG):
            name = self._define(value)
        return name

    def _define(self, value: SymExpr) -> str:
        known, rest = self._last, value - self._last
        if 2 * len(rest.terms) >= len(value.terms):
            known, rest = SymExpr(()), value
        name = self._expressions.get(known, "")
        for part in _pieces(rest):
            text = f"{name}, {quote(str(part))}" if name else quote(str(part))
            known = known + part
            name = self._expressions.get(known, "")
            if not name:
                name = self._expressions[known] = f"#e{len(self._expressions)}"
                self.lines.append(f"{name} = #sym.expr<{text}>")
        self._last = value
        return name


def _pieces(value: SymExpr) -> Iterator[SymExpr]:
    """The terms of a sum, a line's worth at a time."""
    start, length = 0, 0
    for end, term in enumerate(value.terms):
        size = len(str(SymExpr((term,))))
        if end > start and length + size > _PIECE:
            yield SymExpr(value.terms[start:end])
            start, length = end, 0
        length += size
    yield SymExpr(value.terms[start:])
