"""Run a compiled program: electronic regions on onnxruntime, contractions on a simulated optical engine."""

from heliograph.runtime.engines import EngineName, EngineStats, Fidelity, KernelCall, make_engine
from heliograph.runtime.executor import Executor, Observer, Progress
from heliograph.runtime.stats import LayerStats

__all__ = [
    "EngineName",
    "EngineStats",
    "Executor",
    "Fidelity",
    "KernelCall",
    "LayerStats",
    "Observer",
    "Progress",
    "make_engine",
]
