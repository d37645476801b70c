"""Turns what the grammar found into ops: resolves names, checks types at uses."""

from __future__ import annotations

from heliograph.ir.core import Block, Op, Region, ScalarType, Value
from heliograph.ir.text.attributes import type_text
from heliograph.ir.text.compare import same_value
from heliograph.ir.text.limits import MAX_NESTING
from heliograph.ir.text.printer import ISOLATED
from heliograph.ir.text.problems import TextProblem
from heliograph.ir.text.raw import RawBlock, RawOp

_MOST_PROBLEMS = 20


class Builder:
    """Builds ops from raw ones; `problems` collects what is wrong with names and types."""

    def __init__(self) -> None:
        self.problems: list[TextProblem] = []
        self._values: dict[str, list[Value]] = {}
        self._names: list[str] = []  # keys of `_values` in order of definition

    def op(self, raw: RawOp, depth: int = 0) -> Op:
        """The op with all that is nested in it."""
        if depth > MAX_NESTING:
            raise TextProblem(raw.at, f"regions are nested more than {MAX_NESTING} deep")
        operands = [self._use(raw, i) for i in range(len(raw.uses))]
        if len(raw.inputs) != len(raw.uses):
            self._problem(raw.at, f"{len(raw.uses)} operands but {len(raw.inputs)} operand types")
        op = Op(raw.name, operands, raw.outputs, raw.attributes, loc=raw.loc)
        if raw.regions:
            outside = self._values, self._names
            if raw.name in ISOLATED:
                self._values, self._names = {}, []
            for region in raw.regions:
                op.regions.append(self._region(region, depth))
            self._values, self._names = outside
        self._define_results(raw, op)
        return op

    def _region(self, raw: list[RawBlock], depth: int) -> Region:
        region, before = Region(), len(self._names)
        for raw_block in raw:
            block = Block()
            for arg in raw_block.args:
                value = Value(arg.type, _hint(arg.name))
                self._define(arg.name, arg.at, [value])
                block.args.append(value)
            block.ops = [self.op(inner, depth + 1) for inner in raw_block.ops]
            region.blocks.append(block)
        for name in self._names[before:]:
            del self._values[name]
        del self._names[before:]
        return region

    def _use(self, raw: RawOp, i: int) -> Value:
        name, at = raw.uses[i]
        base, _, index = name.partition("#")
        values = self._values.get(base)
        if values is None:
            self._problem(at, f"%{base} is used but not defined", "HG1103")
            return Value(raw.inputs[i] if i < len(raw.inputs) else ScalarType("none"))
        if int(index or 0) >= len(values):
            self._problem(at, f"%{base} has {len(values)} results, so there is no #{index}")
            return values[0]
        value = values[int(index or 0)]
        if i < len(raw.inputs) and value.type is not raw.inputs[i] and not same_value(value.type, raw.inputs[i]):
            self._problem(at, f"%{name} is a {type_text(value.type)}, used as {type_text(raw.inputs[i])}")
        return value

    def _define_results(self, raw: RawOp, op: Op) -> None:
        count = sum(n for _, _, n in raw.results)
        if raw.results and count != len(op.results):
            self._problem(raw.results[0][1], f"{count} results are named but {len(op.results)} types are given")
            return
        if not raw.results and op.results:
            self._problem(raw.at, f"the op has {len(op.results)} results without a name")
        start = 0
        for name, at, n in raw.results:
            values = op.results[start : start + n]
            for value in values:
                value.name = _hint(name)
            self._define(name, at, values)
            start += n

    def _define(self, name: str, at: int, values: list[Value]) -> None:
        if name in self._values:
            self._problem(at, f"%{name} is defined twice")
            return
        self._values[name] = values
        self._names.append(name)

    def _problem(self, at: int, message: str, code: str = "HG1101") -> None:
        self.problems.append(TextProblem(at, message, code))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise self.problems.pop()


def _hint(name: str) -> str:
    return "" if name.isdigit() else name
