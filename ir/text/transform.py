"""Callbacks of the grammar for ops. Imported only where text is parsed, because it loads lark."""
# ruff: noqa: D102  (each method is the grammar rule of its name)

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lark import Token, v_args

from heliograph.ir.core import AttributeValue, FunctionType, SymbolRef, Type
from heliograph.ir.text.printer import SIZED_CALL
from heliograph.ir.text.problems import TextProblem
from heliograph.ir.text.raw import RawArg, RawBlock, RawOp
from heliograph.ir.text.transform_attributes import BuildAttributes, some


@v_args(inline=True)
class BuildRaw(BuildAttributes):
    """The callbacks of the grammar, called while lark parses."""

    def start(self, *items: RawOp | None) -> list[RawOp]:
        return some(items)

    def module(self, at: Token, name: Token | None, attributes: Any, *rest: Any) -> RawOp:
        *ops, loc = rest
        named = {"sym_name": self._symbol(name)} if name else {}
        return RawOp(
            "builtin.module",
            at.start_pos or 0,
            attributes=self._merge(at, named, attributes),
            regions=[[RawBlock([], ops)]],
            loc=loc or "",
        )

    def function(
        self,
        at: Token,
        visibility: Token | None,
        name: Token,
        args: list[RawArg] | None,
        outcome: tuple[Type, ...] | None,
        attributes: Any,
        ops: list[RawOp],
        loc: str | None,
    ) -> RawOp:
        kind = FunctionType(tuple(a.type for a in args or ()), outcome or ())
        named: dict[str, AttributeValue] = {"sym_name": self._symbol(name), "function_type": kind}
        if visibility:
            named["sym_visibility"] = str(visibility)
        return RawOp(
            "func.func",
            at.start_pos or 0,
            attributes=self._merge(at, named, attributes),
            regions=[[RawBlock(args or [], ops)]],
            loc=loc or "",
        )

    def ret(self, at: Token, uses: Any, types: Any, loc: str | None) -> RawOp:
        return RawOp("func.return", at.start_pos or 0, [], uses or [], types or (), loc=loc or "")

    def call(
        self, results: Any, at: Token, name: Token, uses: Any, attributes: Any, kind: FunctionType, loc: str | None
    ) -> RawOp:
        named = {"callee": SymbolRef(self._symbol(name))}
        merged = self._merge(at, named, attributes)
        return RawOp(
            "func.call", at.start_pos or 0, results or [], uses or [], kind.inputs, kind.results, merged, [], loc or ""
        )

    def generic(
        self,
        results: Any,
        name: Token,
        uses: Any,
        properties: Any,
        regions: Any,
        attributes: Any,
        kind: FunctionType,
        loc: str | None,
    ) -> RawOp:
        merged = self._merge(name, properties, attributes) if properties else attributes or {}
        spelled = self._read.string(name)
        return RawOp(
            "func.call" if spelled == SIZED_CALL else spelled,
            name.start_pos or 0,
            results or [],
            uses or [],
            kind.inputs,
            kind.results,
            merged,
            regions or [],
            loc or "",
        )

    def ops(self, *ops: RawOp) -> list[RawOp]:
        return list(ops)

    def results(self, *results: tuple[str, int, int]) -> list[tuple[str, int, int]]:
        return list(results)

    def result(self, name: Token, count: Token | None) -> tuple[str, int, int]:
        number, at = int(count) if count else 1, name.start_pos or 0
        if "#" in name or not 0 < number < 100_000:
            raise TextProblem(at, "a result is written %name or %name:count")
        return name[1:], at, number

    def uses(self, *names: Token) -> list[tuple[str, int]]:
        return [(n[1:], n.start_pos or 0) for n in names]

    def regions(self, *regions: list[RawBlock]) -> list[list[RawBlock]]:
        return list(regions)

    def region(self, ops: list[RawOp], *blocks: RawBlock) -> list[RawBlock]:
        return [RawBlock([], ops), *blocks] if ops else list(blocks)

    def block(self, name: Token, args: list[RawArg] | None, ops: list[RawOp]) -> RawBlock:
        return RawBlock(args or [], ops)

    def args(self, *args: RawArg) -> list[RawArg]:
        return list(args)

    def arg(self, name: Token, kind: Type, loc: str | None) -> RawArg:
        return RawArg(name[1:], name.start_pos or 0, kind)

    def loc(self, at: Token, name: Token, line: Token | None = None, column: Token | None = None) -> str:
        if name.type == "UNKNOWN":
            return ""
        text = self._read.string(name)
        return f"{text}:{line}:{column}" if line else text

    def _merge(self, at: Token, first: Mapping[str, AttributeValue], second: Any) -> dict[str, AttributeValue]:
        for name in second or ():
            if name in first:
                raise TextProblem(at.start_pos or 0, f"attribute '{name}' is given twice")
        return {**first, **(second or {})}
