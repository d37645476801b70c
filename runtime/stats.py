"""How far each layer's result is from the exact product of the same inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from heliograph.ir.weights import Array


@dataclass
class LayerStats:
    """Signal and error of one layer, summed over all its calls."""

    layer: int
    name: str
    calls: int = 0
    elements: int = 0
    signal: float = 0.0  # sum of squares of the exact results
    error: float = 0.0  # sum of squared differences

    @np.errstate(over="ignore", invalid="ignore")  # results beyond their type are infinite
    def add(self, exact: Array, result: Array) -> None:
        """Count one call."""
        wide = exact.astype(np.float64)
        self.calls += 1
        self.elements += exact.size
        self.signal += float(np.sum(np.square(wide)))
        self.error += float(np.sum(np.square(result.astype(np.float64) - wide)))

    @property
    def snr_db(self) -> float:
        """Signal-to-noise ratio; infinite when there is no error, NaN when there is neither."""
        if self.error == 0:
            return math.inf if self.signal else math.nan
        return 10 * math.log10(self.signal / self.error) if self.signal else -math.inf
