"""Does xDSL, an independent reader of MLIR, take our dumps?"""

from __future__ import annotations


def check(text: str) -> None:
    """Parse and verify a dump with xDSL. Raises xDSL's own error, which shows the line, when it refuses."""
    from xdsl.context import Context
    from xdsl.dialects.builtin import Builtin
    from xdsl.dialects.func import Func
    from xdsl.parser import Parser

    context = Context(allow_unregistered=True)
    context.load_dialect(Builtin)
    context.load_dialect(Func)
    Parser(context, text).parse_module().verify()
