"""Problems in a dump: where, the line itself, and what was expected there."""

from __future__ import annotations

from heliograph.ir.diagnostics import Diagnostic, HeliographError

_WIDTH = 100  # characters of the offending line that are shown


class TextProblem(Exception):
    """One problem at a position of the text."""

    def __init__(self, at: int, message: str, code: str = "HG1101", remedy: str = "") -> None:
        super().__init__(message)
        self.at, self.message, self.code, self.remedy = at, message, code, remedy


def report(problems: list[TextProblem], text: str, filename: str) -> HeliographError:
    """The error for a user: each problem with line, column, the line and a caret."""
    return HeliographError([_diagnostic(p, text, filename) for p in problems])


def _diagnostic(problem: TextProblem, text: str, filename: str) -> Diagnostic:
    at = min(problem.at, len(text))
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line, column = text.count("\n", 0, at) + 1, at - start
    first = max(0, column - _WIDTH // 2)
    shown = text[start : len(text) if end < 0 else end][first : first + _WIDTH].replace("\t", " ")
    where = f"{filename}:{line}:{column + 1}: {problem.message}\n  {shown}\n  {' ' * (column - first)}^"
    return Diagnostic(problem.code, where, remedy=problem.remedy)


_SPOKEN = {
    "VALUE": "a value (%name)",
    "STRING": "a quoted string",
    "SYMBOL": "a symbol (@name)",
    "BLOCK": "a block (^bb0)",
    "INT": "an integer",
    "FLOAT": "a decimal",
    "LOC": "loc(...)",
    "NAME": "a name",
    "RBRACE": "'}'",
    "LBRACE": "'{'",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "LESSTHAN": "'<'",
    "MORETHAN": "'>'",
    "COMMA": "','",
    "COLON": "':'",
    "EQUAL": "'='",
    "ARROW": "'->'",
    "ATTRIBUTES": "'attributes'",
    "$END": "the end of the file",
}
_TYPES = {"SCALAR", "TENSOR", "TENSOR_OPEN", "BANG", "TYPE_ALIAS"}
_OPS = {"MODULE", "FUNCTION", "RETURN", "CALL"}


def expected(terminals: set[str]) -> str:
    """The terminals in words, e.g. ``',', ')' or a type``."""
    rest = set(terminals)
    words = []
    if rest >= {"INT", "FLOAT", "HASH"}:
        words, rest = ["an attribute"], rest - {"INT", "FLOAT", "HASH", "HEX", "STRING", "SYMBOL", "ARRAY", "ALIAS"}
        rest -= _TYPES | {"TRUE", "FALSE", "LBRACE", "LSQB", "LPAR"}
    if rest & _OPS:
        words, rest = [*words, "an op"], rest - _OPS - {"STRING", "VALUE"}
    if "SCALAR" in rest:
        words = [*words, "a type"]
    rest -= _TYPES
    if "NAME" in rest:
        rest -= {"STRING", "TRUE", "FALSE", "UNKNOWN", "VISIBILITY", "ATTRIBUTES"}
    words += sorted({_SPOKEN[t] for t in rest if t in _SPOKEN})
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "something else"
