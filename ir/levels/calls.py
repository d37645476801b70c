"""Calls of functions: does the callee exist, and do its types fit?

Sizes in the types of a callee are symbols of its own; a call gives each of them one size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from heliograph.ir.core import FunctionType, Op, SymbolRef, SymExpr, TensorType, Type
from heliograph.ir.text import type_text


def call_problems(call: Op, functions: Mapping[str, Op], kernels_only: bool) -> Iterator[str]:
    """Complaints about a func.call."""
    callee = call.attributes.get("callee")
    if not isinstance(callee, SymbolRef):
        return
    function = functions.get(callee.name)
    if function is None:
        yield f"calls @{callee.name}, which the module does not define"
        return
    if kernels_only and function.attributes.get("sym_visibility") != "private":
        yield f"calls @{callee.name}, which is not a private function"
    kind = function.attributes.get("function_type")
    if not isinstance(kind, FunctionType):
        return
    wanted = (*kind.inputs, *kind.results)
    given = [v.type for v in (*call.operands, *call.results)]
    if len(kind.inputs) != len(call.operands) or len(wanted) != len(given):
        yield f"calls @{callee.name} with another number of operands or results than it has"
        return
    yield from _mismatches(callee.name, wanted, given)


def _mismatches(name: str, wanted: Sequence[Type], given: Sequence[Type]) -> Iterator[str]:
    sizes: dict[str, SymExpr] = {}
    later: list[tuple[SymExpr, SymExpr]] = []
    for formal, actual in zip(wanted, given, strict=True):
        if not (isinstance(formal, TensorType) and isinstance(actual, TensorType)):
            fits = formal == actual
        else:
            fits = formal.element == actual.element and formal.rank == actual.rank
            for f, a in zip(formal.dims or (), actual.dims or (), strict=False):
                if f is not None and a is not None:
                    _bind(f, a, sizes, later)
        if not fits:
            yield f"@{name} takes {type_text(formal)}, the call has {type_text(actual)}"
    for f, a in later:
        if f.symbols() <= sizes.keys() and f.substitute(sizes) != a:
            inner = f" = {f.substitute(sizes)}" if f.symbols() else ""
            yield f"a size is {f}{inner} in @{name} and {a} in the call"


def _bind(formal: SymExpr, actual: SymExpr, sizes: dict[str, SymExpr], later: list[tuple[SymExpr, SymExpr]]) -> None:
    symbols = formal.symbols()
    if len(symbols) == 1 and str(formal) in symbols and str(formal) not in sizes:
        sizes[str(formal)] = actual
    else:
        later.append((formal, actual))
