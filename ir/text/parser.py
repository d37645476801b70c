"""Parses a dump. The text is data: bounded, never evaluated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from heliograph.ir import dialects as _dialects  # declares the attributes that a dump may hold
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import error
from heliograph.ir.text.build import Builder
from heliograph.ir.text.limits import MAX_TEXT
from heliograph.ir.text.problems import TextProblem, expected, report
from heliograph.ir.text.raw import RawBlock, RawOp

if TYPE_CHECKING:
    from lark import Lark

_CACHE = threading.local()  # a parser per thread: its callbacks hold the aliases of the file being read
assert _dialects.OPDEFS


def parse_module(text: str, *, filename: str = "<text>") -> Op:
    """The module that a dump describes; ops outside a module are wrapped in one, as MLIR does.

    Raises HeliographError (HG1101, HG1103) with line, column and the offending line of every problem.
    """
    if len(text) > MAX_TEXT:
        raise error("HG1101", f"{filename}: {len(text)} characters, the limit is {MAX_TEXT}")
    try:
        raw = _parse(text)
        builder = Builder()
        ops = [builder.op(r) for r in raw] if _is_module(raw) else [builder.op(_wrapped(raw))]
    except TextProblem as problem:
        raise report([problem], text, filename) from None
    if builder.problems:
        raise report(builder.problems, text, filename)
    return ops[0]


def _is_module(raw: list[RawOp]) -> bool:
    return len(raw) == 1 and raw[0].name == "builtin.module"


def _wrapped(raw: list[RawOp]) -> RawOp:
    return RawOp("builtin.module", 0, regions=[[RawBlock([], raw)]])


def _parse(text: str) -> list[RawOp]:
    from lark.exceptions import UnexpectedToken

    lark, fresh = _parser()
    fresh()
    try:
        return cast("list[RawOp]", lark.parse(text))
    except UnexpectedToken as problem:
        token: Any = problem.token
        at = len(text) if token.type == "$END" else token.start_pos or 0
        found = "the file ends" if token.type == "$END" else f"found {str(token)[:40]}"
        raise TextProblem(at, f"expected {expected(problem.accepts or problem.expected)}, {found}") from None


def _parser() -> tuple[Lark, Callable[[], None]]:
    """The parser of this thread, and what forgets the last file's aliases."""
    if not hasattr(_CACHE, "parser"):
        from lark import Lark

        from heliograph.ir.text.lexer import TextLexer
        from heliograph.ir.text.transform import BuildRaw

        grammar = files("heliograph.ir.text").joinpath("grammar.lark").read_text("utf-8")
        callbacks = BuildRaw()
        lark = Lark(grammar, parser="lalr", lexer=TextLexer, transformer=callbacks, maybe_placeholders=True)
        _CACHE.parser = (lark, callbacks.forget)
    parser: tuple[Lark, Callable[[], None]] = _CACHE.parser
    return parser
