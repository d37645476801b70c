"""Statistics of the contractions over example inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from heliograph.compiler import Unit


def calibrate(unit: Unit, samples: Mapping[str, np.ndarray[Any, Any]]) -> Unit:
    """A graph-level unit with statistics of every contraction over `samples` (one array per model input).

    Runs the model once at full precision on the contractions that the target takes.
    """
    from heliograph.compiler import parse_pipeline, run_pipeline
    from heliograph.runtime.calibration import collect_statistics

    tiled = run_pipeline(unit, parse_pipeline("partition,tile"))
    return replace(unit, calibration=collect_statistics(tiled.module, tiled.weights, samples))
