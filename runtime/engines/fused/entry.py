"""What all modules begin with: the one function of each, called with addresses of its arguments and parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from llvmlite import ir

from heliograph.runtime.engines.fused.lanes import F32, I64, POINTER, Isa, Lanes, Value

ENTRY = "helio_block"
_LINE = 64


class Entry(NamedTuple):
    """A function ``void helio_block(int64_t *arguments, float *parameters)`` that is begun; `v` emits into it."""

    module: Any  # llvmlite.ir.Module
    v: Lanes
    a: dict[str, Value]  # arguments by name
    p: dict[str, Value]  # parameters by name, in all lanes


def begin(isa: Isa, arguments: Sequence[str], pointers: Iterable[str], parameters: Sequence[str] = ()) -> Entry:
    """A module whose function has read its arguments, of which `pointers` are addresses, and its parameters."""
    module = ir.Module("heliograph")
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [POINTER, POINTER]), ENTRY)
    _align_stack(function)
    v = Lanes(ir.IRBuilder(function.append_basic_block("entry")), isa)
    a = {name: v.load(v.at(function.args[0], v.i64(i), I64), I64, 8) for i, name in enumerate(arguments)}
    a |= {name: v.b.inttoptr(a[name], POINTER) for name in pointers}
    p = {name: v.spread(v.load(v.at(function.args[1], v.i64(i), F32), F32)) for i, name in enumerate(parameters)}
    return Entry(module, v, a, p)


def _align_stack(function: Any) -> None:
    """Begin the stack frame of a function at a cache line: registers put aside would else straddle two."""
    function.attributes.add("nounwind")  # llvmlite prints the next line only beside a plain attribute
    function.attributes.alignstack = _LINE
