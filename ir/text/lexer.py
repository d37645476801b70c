"""Splits a dump into terminals: one regular expression, brackets counted on the way.

Imported only where text is parsed, because it loads lark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lark import Token
from lark.lexer import Lexer

from heliograph.ir.text.limits import MAX_BRACKETS
from heliograph.ir.text.problems import TextProblem
from heliograph.ir.text.spelling import SCALAR

_SIZES = r"(?:(?:[0-9]+|\?)x)*"
_QUOTED = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_MASTER = re.compile(
    rf"""(?>\s+|//[^\n]*)*+(?:
    (?P<VALUE>%(?:[0-9]+|[A-Za-z_$.-][\w$.-]*)(?:\#[0-9]+)?)
    |(?P<PUNCTUATION>[(){{}}\[\]<>,:=])
    |(?P<TENSOR>tensor<(?:\*x|{_SIZES}){SCALAR}(?:,\ \#sym\.dims<[^<>"]*(?:"[^"\\]*"[^<>"]*)*>)?>)
    |(?P<TENSOR_OPEN>tensor\s*<\s*(?:\*\s*x|{_SIZES}))
    |(?P<STRING>{_QUOTED})
    |(?P<SCALAR>{SCALAR}(?![\w$.]))
    |(?P<LOC>loc(?=\s*\())
    |(?P<ARRAY>array(?=\s*<))
    |(?P<NAME>[A-Za-z_][\w$.]*)
    |(?P<ARROW>->)
    |(?P<HEX>0x[0-9A-Fa-f]+)
    |(?P<FLOAT>-?[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?)
    |(?P<INT>-?[0-9]+(?![\w.]))
    |(?P<DIMS>\#sym\.dims(?![\w$.]))
    |(?P<HASH>\#[A-Za-z_]\w*\.[\w$.]+)
    |(?P<ALIAS>\#[A-Za-z_]\w*)
    |(?P<BANG>![A-Za-z_]\w*\.[\w$.]+)
    |(?P<TYPE_ALIAS>![A-Za-z_]\w*)
    |(?P<SYMBOL>@(?:[A-Za-z_][\w$.]*|{_QUOTED}))
    |(?P<BLOCK>\^[\w$.-]+)
    )?""",
    re.VERBOSE | re.ASCII,
)
_KEYWORDS = {
    "module": "MODULE",
    "builtin.module": "MODULE",
    "func.func": "FUNCTION",
    "func.return": "RETURN",
    "func.call": "CALL",
    "private": "VISIBILITY",
    "public": "VISIBILITY",
    "nested": "VISIBILITY",
    "attributes": "ATTRIBUTES",
    "unknown": "UNKNOWN",
    "true": "TRUE",
    "false": "FALSE",
}
_PUNCTUATION = {
    "(": "LPAR",
    ")": "RPAR",
    "{": "LBRACE",
    "}": "RBRACE",
    "[": "LSQB",
    "]": "RSQB",
    "<": "LESSTHAN",
    ">": "MORETHAN",
    ",": "COMMA",
    ":": "COLON",
    "=": "EQUAL",
}
_DEPTH = {"(": 1, "[": 1, "{": 1, "<": 1, ")": -1, "]": -1, "}": -1, ">": -1}


class TextLexer(Lexer):
    """The lexer that lark calls. Raises `TextProblem`."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, data: Any, parser_state: Any = None) -> Iterator[Token]:
        """Yield the terminals of the text."""
        text = data if isinstance(data, str) else data.text
        position, depth, match, end = 0, 0, _MASTER.match, len(text)
        while position < end:
            found = match(text, position)
            assert found is not None  # everything in the expression is optional
            kind, stop = found.lastgroup, found.end()
            if kind is None:
                if stop < end:
                    raise TextProblem(stop, _strange(text, stop))
                return
            start = found.start(kind)
            word = text[start:stop]
            if kind == "PUNCTUATION":
                kind = _PUNCTUATION[word]
                depth += _DEPTH.get(word, 0)
                if depth > MAX_BRACKETS:
                    raise TextProblem(start, f"brackets are nested more than {MAX_BRACKETS} deep")
            elif kind == "NAME":
                kind = _KEYWORDS.get(word, "NAME")
            elif kind == "TENSOR_OPEN":
                depth += 1
                if depth > MAX_BRACKETS:
                    raise TextProblem(start, f"brackets are nested more than {MAX_BRACKETS} deep")
            position = stop
            yield Token(kind, word, start)


def _strange(text: str, at: int) -> str:
    if text[at] in '"@':
        return "the string is not closed on its line"
    return f"unexpected character {text[at]!r}"
