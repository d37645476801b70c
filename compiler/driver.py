"""Compile a model: frontend, then the pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from heliograph.backends import Target
from heliograph.compiler.frontend import load_graph
from heliograph.compiler.passes import Partition, Pass, Schedule
from heliograph.compiler.pipeline import DEFAULT, Observer, run_pipeline
from heliograph.compiler.unit import Unit
from heliograph.ir.levels import check
from heliograph.ir.sizes import Dim
from heliograph.ir.statistics import LayerStatistics

if TYPE_CHECKING:
    import onnx


def compile_model(
    source: str | Path | bytes | onnx.ModelProto,
    target: Target,
    *,
    dims: Mapping[str, Dim] | None = None,
    overridable: Sequence[str] = (),
    calibration: Mapping[str, LayerStatistics] | None = None,
    pipeline: Sequence[Pass] | None = None,
    stop_at: str | None = None,
    fallback: str = "electronic",
    objective: str = "latency",
    observer: Observer | None = None,
) -> Unit:
    """Compile an ONNX model for a target, to `stop_at` (default: the scheduled level).

    `dims` binds symbolic input dimensions to sizes or ranges; `overridable` names inputs that have an initializer and
    stay inputs; `calibration` has statistics by contraction; `fallback` and `objective` set the options of the
    partition and schedule passes of the default pipeline.
    Raises HeliographError for everything that a user can mend.
    """
    module, weights, name = load_graph(source, dims, overridable)
    check(module)
    unit = Unit(module, weights, target, name, calibration=dict(calibration or {}))
    passes = default_pipeline(fallback, objective) if pipeline is None else tuple(pipeline)
    return run_pipeline(unit, passes, stop_at=stop_at, observer=observer)


def default_pipeline(fallback: str = "electronic", objective: str = "latency") -> tuple[Pass, ...]:
    """The default passes with the two options that users choose most."""

    def configured(step: Pass) -> Pass:
        if isinstance(step, Partition):
            return replace(step, fallback=fallback)
        return replace(step, objective=objective) if isinstance(step, Schedule) else step

    return tuple(configured(step) for step in DEFAULT)
