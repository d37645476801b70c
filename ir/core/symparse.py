"""Reads the text of a symbolic expression, e.g. ``2*batch*ceildiv(s, 8) - 1``.

The text may come from a file (an IR dump, an ONNX dim_param), so its length, depth and size once multiplied out are
bounded. Any identifier is a symbol, also one that is a keyword of Python (`in`, `None`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from heliograph.ir.core.sym import SymExpr, sym

_MAX_CHARACTERS = 1 << 14
_MAX_DEPTH = 60
_MAX_PRODUCT = 1024  # terms of one product before like terms are added up
_MAX_WORK = 200_000  # characters of all intermediate results
_TOKEN = re.compile(r"\s*(?:(\d+)|([^\W\d]\w*)|(//|[-+*/%(),]))")
_CALLS = ("ceildiv", "floordiv", "mod", "max", "min")


@lru_cache(maxsize=16384)
def parse_expr(text: str) -> SymExpr:
    """Parse an expression of integers, names, + - * // % and ceildiv/floordiv/mod/max/min.

    Raises ValueError with the offending text.
    """
    if len(text) > _MAX_CHARACTERS:
        raise ValueError(f"expression of {len(text)} characters (limit {_MAX_CHARACTERS})")
    reader = _Reader(text)
    value = reader.sum(0)
    if reader.at < len(reader.tokens):
        raise reader.wrong()
    return value


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.work = text, 0, 0
        self.tokens: list[tuple[str, str, str]] = []  # (number, name, sign), two of them empty
        end, text = 0, text.rstrip()
        while end < len(text):
            match = _TOKEN.match(text, end)
            if match is None:
                raise self.wrong()
            self.tokens.append((match[1] or "", match[2] or "", match[3] or ""))
            end = match.end()

    def wrong(self) -> ValueError:
        return ValueError(f"'{self.text}' is not a size expression")

    def take(self, *signs: str) -> str:
        """The next token if it is one of `signs`, else empty."""
        if self.at < len(self.tokens) and self.tokens[self.at][2] in signs and self.tokens[self.at][2]:
            self.at += 1
            return self.tokens[self.at - 1][2]
        return ""

    def sum(self, depth: int) -> SymExpr:
        value = self.product(depth)
        while sign := self.take("+", "-"):
            right = self.product(depth)
            value = self.counted(value + right if sign == "+" else value - right)
        return value

    def counted(self, value: SymExpr) -> SymExpr:
        """The value, after its size is added to the work done."""
        self.work += len(str(value))
        if self.work > _MAX_WORK:
            raise ValueError(f"'{self.text}' is too large once multiplied out")
        return value

    def product(self, depth: int) -> SymExpr:
        value = self.factor(depth)
        while sign := self.take("*", "//", "/", "%"):
            right = self.factor(depth)
            if sign == "*":
                if len(value.terms) * len(right.terms) > _MAX_PRODUCT:
                    raise ValueError(f"'{self.text}' has too many terms")
                value = self.counted(value * right)
            else:
                value = self.counted(value % right if sign == "%" else value // right)
        return value

    def factor(self, depth: int) -> SymExpr:
        if depth > _MAX_DEPTH:
            raise ValueError(f"'{self.text}' is nested too deeply")
        if self.take("-"):
            return -self.factor(depth + 1)
        if self.take("("):
            value = self.sum(depth + 1)
            if not self.take(")"):
                raise self.wrong()
            return value
        if self.at >= len(self.tokens) or self.tokens[self.at][2]:
            raise self.wrong()
        number, name, _ = self.tokens[self.at]
        self.at += 1
        if number:
            return sym(int(number))
        if self.take("("):
            return self.counted(self.call(name, depth))
        return sym(name)

    def call(self, name: str, depth: int) -> SymExpr:
        left = self.sum(depth + 1)
        comma = self.take(",")
        right = self.sum(depth + 1) if comma else left
        function = name.lower()
        if not comma or not self.take(")") or function not in _CALLS:
            raise self.wrong()
        if function == "floordiv":
            return left // right
        if function == "mod":
            return left % right
        if function == "ceildiv":
            return left.ceildiv(right)
        return left.max(right) if function == "max" else left.min(right)
