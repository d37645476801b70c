"""Sizes that stay open at compile time but are known to lie in a range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from heliograph.ir.core import Op

LARGEST = 2**40


@dataclass(frozen=True, slots=True)
class SizeRange:
    """Least, typical and most of a symbolic size. Choices are made, and costs reported, for the typical one."""

    least: int
    typical: int
    most: int

    @property
    def sound(self) -> bool:
        """Whether these are sizes in order."""
        return 1 <= self.least <= self.typical <= self.most <= LARGEST


Dim = int | SizeRange


def ranges_of(module: Op) -> Mapping[str, SizeRange]:
    """Ranges that a module declares in ``helio.syms``, by symbol."""
    declared = module.attributes.get("helio.syms", {})
    found: dict[str, SizeRange] = {}
    for name, bounds in declared.items() if isinstance(declared, dict) else ():
        numbers = [b for b in bounds if type(b) is int] if isinstance(bounds, tuple) else []
        if len(numbers) == 3:
            found[name] = SizeRange(*numbers)
    return found
