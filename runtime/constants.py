"""Values that do not change from run to run, read or gathered when asked for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from heliograph.ir.core import Op, Value
from heliograph.ir.reference.literals import weight_array
from heliograph.ir.weights import Weights
from heliograph.runtime.access import Binding, access_of, gather_bound
from heliograph.runtime.program import size_symbols


class Constants:
    """The constants of a program; `sources` says which op gives each."""

    def __init__(self, sources: Mapping[Value, Op], weights: Weights) -> None:
        self._sources, self._weights = sources, weights

    def __contains__(self, value: Value) -> bool:
        return value in self._sources

    def value(self, value: Value, binding: Binding) -> Any:
        """A constant for given sizes: read, not copied."""
        op = self._sources[value]
        if op.name == "helio.weight":
            return weight_array(op, self._weights)
        if op.name == "helio.none":
            return None
        inner = self.value(op.operands[0], binding)
        return gather_bound(inner, access_of(op, binding)) if op.name == "tile.gather" else inner

    def symbols(self, value: Value) -> tuple[str, ...]:
        """The sizes that a constant depends on."""
        return tuple(sorted(size_symbols(self._sources[value], self._sources)))

    def key(self, value: Value, binding: Binding) -> Hashable:
        """What tells one value of a constant from another: its sizes."""
        return tuple(binding[s] for s in self.symbols(value))
