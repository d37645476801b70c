"""Prints ops in MLIR's generic form, with sugar for module, func.func, func.return and func.call."""

from __future__ import annotations

from heliograph.ir.core import AttributeValue, Block, FunctionType, Op, Region, SymbolRef, Type, Value
from heliograph.ir.diagnostics import error
from heliograph.ir.text.aliases import Aliases
from heliograph.ir.text.attributes import dict_text, function_text, type_text
from heliograph.ir.text.limits import MAX_NESTING
from heliograph.ir.text.names import Names
from heliograph.ir.text.spelling import quote_name, symbol

# How the text spells a func.call that gives sizes to a kernel whose own sizes are symbols. The parser undoes it.
SIZED_CALL = "helio.call"
ISOLATED = ("builtin.module", "func.func")


def print_module(op: Op, *, locations: bool = True) -> str:
    """Text of a module (or of any op with all that is in it), ending in a newline."""
    printer = _Printer(locations)
    printer.op(op, 0)
    return "\n".join([*printer.aliases.lines, *printer.lines]) + "\n"


class _Printer:
    def __init__(self, locations: bool) -> None:
        self.lines: list[str] = []
        self.names = Names()
        self.aliases = Aliases()
        self._locations = locations
        self._signatures: dict[str, AttributeValue] = {}  # of the functions of the module
        self._types: dict[int, str] = {}

    def op(self, op: Op, depth: int) -> None:
        if depth > MAX_NESTING:
            raise error("HG1102", f"regions are nested more than {MAX_NESTING} deep", node=op.loc, op_type=op.name)
        saved = self.names.scope() if op.name in ISOLATED else None
        if op.name == "builtin.module" and _plain_module(op):
            self._module(op, depth)
        elif op.name == "func.func" and _plain_function(op):
            self._function(op, depth)
        else:
            self._generic(op, depth)
        if saved is not None:
            self.names.leave(saved)

    def _module(self, op: Op, depth: int) -> None:
        self._signatures = {o.sym_name: o.attributes.get("function_type", "") for o in op.body.ops if o.sym_name}
        pad = "  " * depth
        name = f" {symbol(op.sym_name)}" if "sym_name" in op.attributes else ""
        rest = {k: v for k, v in op.attributes.items() if k != "sym_name"}
        attributes = f" attributes {dict_text(rest, aliases=self.aliases)}" if rest else ""
        self.lines.append(f"{pad}module{name}{attributes} {{")
        for inner in op.body.ops:
            self.op(inner, depth + 1)
        self.lines.append(f"{pad}}}{self._loc(op)}")

    def _function(self, op: Op, depth: int) -> None:
        pad = "  " * depth
        shown = ("sym_name", "function_type", "sym_visibility")
        rest = {k: v for k, v in op.attributes.items() if k not in shown}
        kind = op.attributes["function_type"]
        assert isinstance(kind, FunctionType)
        visibility = f"{op.attributes['sym_visibility']} " if "sym_visibility" in op.attributes else ""
        results = function_text((), kind.results, aliases=self.aliases)[2:] if kind.results else ""
        attributes = f" attributes {dict_text(rest, aliases=self.aliases)}" if rest else ""
        args = self._args(op.body)
        self.lines.append(f"{pad}func.func {visibility}{symbol(op.sym_name)}({args}){results}{attributes} {{")
        for inner in op.body.ops:
            self.op(inner, depth + 1)
        self.lines.append(f"{pad}}}{self._loc(op)}")

    def _generic(self, op: Op, depth: int) -> None:
        pad = "  " * depth
        uses = ", ".join([self.names[v] for v in op.operands])
        if op.name == "func.return" and not (op.attributes or op.regions or op.results):
            types = ", ".join([self._type(v.type) for v in op.operands])
            self.lines.append(f"{pad}func.return{f' {uses} : {types}' if uses else ''}{self._loc(op)}")
            return
        attributes, callee = op.attributes, op.attributes.get("callee")
        head = f"{quote_name(op.name)}({uses})"
        if op.name == "func.call" and isinstance(callee, SymbolRef) and not op.regions:
            if self._fits(op, callee.name):
                attributes = {k: v for k, v in attributes.items() if k != "callee"}
                head = f"func.call {symbol(callee.name)}({uses})"
            else:
                head = f'"{SIZED_CALL}"({uses})'
        if op.regions:
            self._with_regions(op, head, depth)
            return
        text = f" {dict_text(attributes, aliases=self.aliases)}" if attributes else ""
        self.lines.append(f"{pad}{self.names.define_results(op)}{head}{text} : {self._signature(op)}{self._loc(op)}")

    def _with_regions(self, op: Op, head: str, depth: int) -> None:
        pad = "  " * depth
        self.lines.append(f"{pad}{self.names.define_results(op)}{head} ({{")
        for i, region in enumerate(op.regions):
            if i:
                self.lines.append(f"{pad}}}, {{")
            self._region(region, depth)
        text = f" {dict_text(op.attributes, aliases=self.aliases)}" if op.attributes else ""
        self.lines.append(f"{pad}}}){text} : {self._signature(op)}{self._loc(op)}")

    def _region(self, region: Region, depth: int) -> None:
        for i, block in enumerate(region.blocks):
            if i or block.args or not block.ops:
                args = self._args(block)
                self.lines.append(f"{'  ' * depth}^bb{i}{f'({args})' if args else ''}:")
            for inner in block.ops:
                self.op(inner, depth + 1)

    def _args(self, block: Block) -> str:
        return ", ".join([f"{self.names.define(a)}: {self._type(a.type)}" for a in block.args])

    def _signature(self, op: Op) -> str:
        before = ", ".join([self._type(v.type) for v in op.operands])
        after = ", ".join([self._type(r.type) for r in op.results])
        bare = len(op.results) == 1 and not isinstance(op.results[0].type, FunctionType)
        return f"({before}) -> {after}" if bare else f"({before}) -> ({after})"

    def _fits(self, op: Op, callee: str) -> bool:
        """MLIR and xDSL take a func.call only with exactly the types of its callee."""
        kind = self._signatures.get(callee)
        return not isinstance(kind, FunctionType) or (_types(op.operands), _types(op.results)) == (
            kind.inputs,
            kind.results,
        )

    def _type(self, kind: Type) -> str:
        text = self._types.get(id(kind))  # the module keeps its types alive, so identities are stable
        if text is None:
            text = self._types[id(kind)] = type_text(kind, aliases=self.aliases)
        return text

    def _loc(self, op: Op) -> str:
        return f" loc({quote_name(op.loc)})" if op.loc and self._locations else ""


def _no_flow(op: Op) -> bool:
    return not op.operands and not op.results and len(op.regions) == 1 and len(op.regions[0].blocks) == 1


def _plain_module(op: Op) -> bool:
    name = op.attributes.get("sym_name", "")
    return _no_flow(op) and not op.body.args and isinstance(name, str)


def _plain_function(op: Op) -> bool:
    kind, name = op.attributes.get("function_type"), op.attributes.get("sym_name")
    return (
        _no_flow(op)
        and isinstance(name, str)
        and isinstance(kind, FunctionType)
        and _types(op.body.args) == kind.inputs
        and op.attributes.get("sym_visibility", "private") in ("private", "public", "nested")
    )


def _types(values: list[Value]) -> tuple[Type, ...]:
    return tuple(v.type for v in values)
