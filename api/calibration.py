"""Statistics of the contractions over example inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from heliograph.ir.diagnostics import error

if TYPE_CHECKING:
    import numpy as np

    from heliograph.compiler import Unit


def calibrate(unit: Unit, samples: Mapping[str, np.ndarray[Any, Any]]) -> Unit:
    """The unit with statistics of every contraction over `samples`."""
    raise error("HG1305", "calibration is not available yet")
