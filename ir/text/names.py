"""Names of SSA values: hints made readable and unique, numbers for the rest."""

from __future__ import annotations

import re

from heliograph.ir.core import Op, Value

_ODD = re.compile(r"[^A-Za-z0-9_$.-]")


class Names:
    """Gives every value its printed name; functions and modules open a scope of their own."""

    def __init__(self) -> None:
        self._names: dict[Value, str] = {}
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}
        self._count = 0

    def __getitem__(self, value: Value) -> str:
        return self._names.get(value, "%<<undefined>>")  # parses nowhere, shows where a broken dump is broken

    def define(self, value: Value) -> str:
        """Name a value from its hint, or by number."""
        if value.name:
            name = self._unique(sanitised(value.name))
        else:
            name = f"%{self._count}"
            self._count += 1
        self._names[value] = name
        return name

    def define_results(self, op: Op) -> str:
        """Name the results; returns what stands before the op, e.g. ``%0:2 = ``."""
        results = op.results
        if not results:
            return ""
        if len(results) == 1 or any(r.name for r in results):
            return ", ".join([self.define(r) for r in results]) + " = "
        pack = f"%{self._count}"
        self._count += 1
        self._names.update({r: f"{pack}#{i}" for i, r in enumerate(results)})
        return f"{pack}:{len(results)} = "

    def scope(self) -> tuple[set[str], dict[str, int], int]:
        """Open a scope: names of enclosing scopes stay taken. Give the result to `leave`."""
        saved = (self._taken, self._next, self._count)
        self._taken, self._next = set(self._taken), dict(self._next)
        return saved

    def leave(self, saved: tuple[set[str], dict[str, int], int]) -> None:
        """Close the scope that `scope` opened."""
        self._taken, self._next, self._count = saved

    def _unique(self, base: str) -> str:
        name = base
        while name in self._taken:
            self._next[base] = self._next.get(base, 0) + 1
            name = f"{base}_{self._next[base]}"
        self._taken.add(name)
        return "%" + name


def sanitised(hint: str) -> str:
    """The hint in characters that a value name may have."""
    name = _ODD.sub("_", hint)
    return name if name[0].isalpha() or name[0] == "_" else "_" + name
