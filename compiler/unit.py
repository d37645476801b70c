"""What travels through the compiler: a module, its weights, and what has been said about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from heliograph.ir.core import Op
from heliograph.ir.diagnostics import Diagnostics
from heliograph.ir.statistics import LayerStatistics
from heliograph.ir.weights import Weights

if TYPE_CHECKING:
    from heliograph.backends import Target


@dataclass(frozen=True)
class Unit:
    """A compilation in progress. Passes return a new one."""

    module: Op
    weights: Weights
    target: Target
    source_name: str
    diagnostics: Diagnostics = field(default_factory=Diagnostics)
    calibration: dict[str, LayerStatistics] = field(default_factory=dict)  # by source name of the contraction

    def with_module(self, module: Op) -> Unit:
        """The same unit with another module."""
        return replace(self, module=module)
