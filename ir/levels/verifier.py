"""Holds a module to the rules of its level: all problems at once, each with the op and where it came from."""

from __future__ import annotations

from collections.abc import Iterator

from heliograph.ir.core import Op, Value
from heliograph.ir.diagnostics import Diagnostic, HeliographError
from heliograph.ir.levels.calls import call_problems
from heliograph.ir.levels.declared import declared_problems
from heliograph.ir.levels.onnx_ops import onnx_problems
from heliograph.ir.levels.rules import (
    ALLOWED,
    LEVELS,
    ONNX,
    PLACES,
    TERMINATORS,
    is_onnx,
    level_of,
    place_inside,
)
from heliograph.ir.levels.timing import timing_problems
from heliograph.ir.text.limits import MAX_NESTING

_TERMINATORS = frozenset(TERMINATORS.values()) | {"onnx.yield"}
_SCHEDULE_ONLY = frozenset({"slot", "timing"})
_ISOLATED = ("func.func", "builtin.module")


def check(module: Op, level: str | None = None) -> None:
    """Raise HeliographError with every problem that `verify` finds."""
    problems = verify(module, level)
    if problems:
        raise HeliographError(problems)


def verify(module: Op, level: str | None = None) -> tuple[Diagnostic, ...]:
    """Every breach of the rules of `level` (of the level that the module declares when None).

    HG1102 for a broken rule, HG1103 for a value that is used but not defined before, HG1104 when the module declares
    another level than `level`.
    """
    try:
        declared = level_of(module)
    except HeliographError as problem:
        if level is None:
            return problem.diagnostics
        declared = level
    if level is not None and level not in LEVELS:
        raise ValueError(f"there is no level {level!r}")
    verifier = _Verifier(module, level or declared)
    if level not in (None, declared):
        verifier.report(module, f"is at level {declared}, {level} is asked for", "HG1104")
    if module.name == "builtin.module":
        verifier.symbols(module)
        verifier.op(module, "", 0)
    else:
        verifier.report(module, "is not a module")
    return tuple(verifier.found)


class _Verifier:
    def __init__(self, module: Op, level: str) -> None:
        self.found: list[Diagnostic] = []
        self._level = level
        self._extra = _SCHEDULE_ONLY if level == "scheduled" else frozenset()
        opsets = module.attributes.get("helio.opsets")
        self._opsets = opsets if isinstance(opsets, dict) else {}
        self._functions: dict[str, Op] = {}
        self._resources: set[str] = set()
        self._visible: set[Value] = set()
        self._order: list[Value] = []  # of `_visible`, as defined
        self._defined: set[Value] = set()

    def report(self, op: Op, message: str, code: str = "HG1102") -> None:
        hint = next((f"%{r.name}" for r in op.results if r.name), "")
        node = op.loc or (f"@{op.sym_name}" if op.sym_name else hint) or "(unnamed)"
        self.found.append(Diagnostic(code, message, node=node, op_type=op.name))

    def symbols(self, module: Op) -> None:
        """Collect functions and resources; names are unique."""
        taken: set[str] = set()
        for region in module.regions:
            for op in (o for b in region.blocks for o in b.ops if o.sym_name):
                if op.sym_name in taken:
                    self.report(op, f"the name @{op.sym_name} is taken twice")
                taken.add(op.sym_name)
                if op.name == "func.func":
                    self._functions[op.sym_name] = op
                elif op.name == "sched.resource":
                    self._resources.add(op.sym_name)

    def op(self, op: Op, place: str, depth: int) -> None:
        if depth > MAX_NESTING:
            self.report(op, f"regions are nested more than {MAX_NESTING} deep")
            return
        for number, value in enumerate(op.operands):
            if value not in self._visible:
                name = f"%{value.name}" if value.name else f"operand {number}"
                self.report(op, f"{name} is not defined before it is used here", "HG1103")
        for problem in self._rules(op, place):
            self.report(op, problem)
        outside = self._visible, self._order
        if op.name in _ISOLATED:
            self._visible, self._order = set(), []
        for region in op.regions:
            before = len(self._order)
            for block in region.blocks:
                self._define(op, block.args)
                for i, inner in enumerate(block.ops):
                    if inner.name in _TERMINATORS and i + 1 < len(block.ops):
                        self.report(inner, "stands before the end of its block")
                    self.op(inner, place_inside(op, place), depth + 1)
            self._visible.difference_update(self._order[before:])
            del self._order[before:]
        self._visible, self._order = outside
        self._define(op, op.results)

    def _define(self, op: Op, values: list[Value]) -> None:
        for value in values:
            if value in self._defined:
                self.report(op, f"defines %{value.name} a second time")
                continue
            self._defined.add(value)
            self._visible.add(value)
            self._order.append(value)

    def _rules(self, op: Op, place: str) -> Iterator[str]:
        onnx = is_onnx(op)
        if place:
            allowed = ALLOWED[self._level].get(place, frozenset())
            if (ONNX if onnx else op.name) not in allowed:
                yield f"is not allowed {PLACES[place]} at the {self._level} level"
        elif op.name != "builtin.module":
            yield "is not a module"
        if onnx:
            yield from onnx_problems(op, self._opsets, self._extra)
        elif op.name != "onnx.yield":
            yield from declared_problems(op, self._extra)
        if op.name == "func.call":
            yield from call_problems(op, self._functions, self._level in ("tiled", "scheduled"))
        if self._level == "scheduled":
            yield from timing_problems(op, place, self._resources)
