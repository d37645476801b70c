"""From an ONNX file to a scheduled program: frontend, passes, pipelines."""

from heliograph.compiler.driver import compile_model, default_pipeline
from heliograph.compiler.passes import PASSES, Notes, Pass
from heliograph.compiler.pipeline import DEFAULT, Observer, PassRun, parse_pipeline, run_pipeline, spell_pipeline
from heliograph.compiler.unit import Unit
from heliograph.ir.statistics import LayerStatistics

__all__ = [
    "DEFAULT",
    "PASSES",
    "LayerStatistics",
    "Notes",
    "Observer",
    "Pass",
    "PassRun",
    "Unit",
    "compile_model",
    "default_pipeline",
    "parse_pipeline",
    "run_pipeline",
    "spell_pipeline",
]
