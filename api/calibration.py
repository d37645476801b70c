"""Statistics of the contractions over example inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heliograph.compiler import parse_pipeline, run_pipeline
from heliograph.runtime.calibration import collect_statistics

if TYPE_CHECKING:
    import numpy as np

    from heliograph.compiler import Unit

_TILED = "partition,tile"  # number formats are left out: the samples run at full precision


def calibrate(unit: Unit, samples: Mapping[str, np.ndarray[Any, Any]]) -> Unit:
    """A unit of the graph level with statistics of every contraction over `samples`, inputs by name.

    Raises HeliographError HG1202..HG1204 for samples that do not fit the model's inputs.
    """
    tiled = run_pipeline(unit, parse_pipeline(_TILED))
    return replace(unit, calibration=collect_statistics(tiled.module, tiled.weights, samples))
