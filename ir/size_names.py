"""Names that users give to sizes, and the symbols that stand for them.

A symbol is an identifier of ASCII letters, and never one that the IR uses for its own axes (b, m, k, n, m0, ...). Any
other name is spelled so that it can be read back: ``n`` is the symbol ``n_``, ``past.len`` is ``past__x2e_len``.
Symbols stand in IR; users give and see names.
"""

from __future__ import annotations

import re

from heliograph.ir.core import SymExpr, sym
from heliograph.ir.core.symparse import parse_expr

_AXIS = re.compile(r"[bmkn]\d*_*")
_SPELLED = re.compile(r"[^A-Za-z0-9_]|^\d|_(?=_x[0-9a-f])")  # the last would look like what is spelled
_CODE = re.compile(r"__x([0-9a-f]{1,5}|10[0-9a-f]{4})_")
_WORD = re.compile(r"[^\W\d]\w*")


def size_symbol(name: str) -> str:
    """The symbol for a size of this name; different names have different symbols."""
    if _AXIS.fullmatch(name):
        return f"{name}_"
    return _SPELLED.sub(lambda odd: f"__x{ord(odd[0]):x}_", name)


def size_name(symbol: str) -> str:
    """The name that a symbol stands for."""
    if _AXIS.fullmatch(symbol):
        return symbol.removesuffix("_")
    return _CODE.sub(lambda code: chr(int(code[1], 16)), symbol)


def read_size(text: str) -> SymExpr:
    """A size of a model: an expression ("past + seq") or, where it cannot be read as one, a name of odd characters."""
    try:
        expr = parse_expr(text)
    except ValueError:
        return sym(size_symbol(text))
    return expr.substitute({s: sym(size_symbol(s)) for s in expr.symbols()})


def is_size_name(text: str) -> bool:
    """Whether the text of a model's size is one name, rather than an expression."""
    return str(read_size(text)) == size_symbol(text)


def spell_size(size: SymExpr) -> str:
    """A size with the names that users know."""
    return _WORD.sub(lambda symbol: size_name(symbol[0]), str(size))
