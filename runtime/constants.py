"""Values that do not change from run to run: read, gathered or computed when asked for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from heliograph.ir.core import Op, Value
from heliograph.ir.reference.literals import weight_array
from heliograph.ir.weights import Weights
from heliograph.runtime.access import Binding, access_of, gather_bound
from heliograph.runtime.cache import HeldCache
from heliograph.runtime.electronics import Electronics
from heliograph.runtime.program import size_symbols


class Constants:
    """The constants of a program; `sources` says which op gives each. What regions compute is kept in `held`."""

    def __init__(
        self, sources: Mapping[Value, Op], weights: Weights, electronics: Electronics, held: HeldCache
    ) -> None:
        self._sources, self._weights = sources, weights
        self._electronics, self._held = electronics, held

    def __contains__(self, value: Value) -> bool:
        return value in self._sources

    def value(self, value: Value, binding: Binding) -> Any:
        """A constant for given sizes: read, or computed the first time. Raises HG5001 when it cannot be computed."""
        op = self._sources[value]
        if op.name == "helio.weight":
            return weight_array(op, self._weights)
        if op.name == "helio.none":
            return None
        if op.name == "electronic.region":
            return self._computed(op, binding)[op.results.index(value)]
        inner = self.value(op.operands[0], binding)
        return gather_bound(inner, access_of(op, binding)) if op.name == "tile.gather" else inner

    def _computed(self, region: Op, binding: Binding) -> list[Any]:
        def compute() -> tuple[list[Any], int]:
            results = self._run(region, binding)
            return results, sum(array.nbytes for array in results)

        return self._held.get(id(region), compute)

    def compute(self, value: Value) -> Any:
        """What a region computes, of fixed size, without keeping it. Raises HG5001 when it cannot be computed."""
        region = self._sources[value]
        return self._run(region, {})[region.results.index(value)]

    def _run(self, region: Op, binding: Binding) -> list[Any]:
        return self._electronics.run(region, [self.value(v, binding) for v in region.operands])

    def is_computed(self, value: Value) -> bool:
        """Whether a region computes it, rather than that it lies in the model's weights."""
        op = self._sources[value]
        return op.name == "electronic.region" or any(self.is_computed(v) for v in op.operands)

    def symbols(self, value: Value) -> tuple[str, ...]:
        """The sizes that a constant depends on."""
        return tuple(sorted(size_symbols(self._sources[value], self._sources)))

    def key(self, value: Value, binding: Binding) -> Hashable:
        """What tells one value of a constant from another: its sizes."""
        return tuple(binding[s] for s in self.symbols(value))
