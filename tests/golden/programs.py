"""Models compiled at full size by the ordinary path, and what their programs multiply."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import onnx
from full_size import decoders, encoders
from zoo.graph import External

import heliograph
from heliograph.backends import load_target
from heliograph.backends.conventions.gemms import Gemm
from heliograph.compiler import compile_model
from heliograph.ir.core import Op
from heliograph.runtime.report import Report, build_report, conventions
from heliograph.runtime.report.reading import read

Build = Callable[[External], onnx.ModelProto]
MODELS: dict[str, tuple[Build, dict[str, int]]] = {
    "deit_tiny_197": (lambda external: encoders.deit(external, 192, 3), {"batch": 1}),
    "deit_base_197": (lambda external: encoders.deit(external, 768, 12), {"batch": 1}),
    "bert_base_384": (lambda external: encoders.bert(external, 768, 12, 12), {"batch": 1, "sequence": 384}),
    "bert_large_320": (lambda external: encoders.bert(external, 1024, 16, 24), {"batch": 1, "sequence": 320}),
    "gpt2": (decoders.gpt2, {}),
    "llama": (decoders.llama, {}),
}


@cache
def scheduled(name: str, target: str) -> Op:
    """The scheduled module, on all processors. The weights are a file that takes no space on disk and is not read."""
    external = External(smallest=1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.onnx")
        path.write_bytes(MODELS[name][0](external).SerializeToString())
        with open(path.parent / external.location, "wb") as weights:
            weights.truncate(external.nbytes)
        return heliograph.compile(path, target, objective="latency").module


@cache
def graph(name: str) -> Op:
    """The module at the graph level."""
    return compile_model(MODELS[name][0](External(smallest=1)), load_target("ideal"), stop_at="graph").module


@cache
def report(name: str, target: str) -> Report:
    """What our own accounting says of the program."""
    return build_report(scheduled(name, target), load_target(target), dims=MODELS[name][1])


def contractions(name: str, target: str) -> list[Gemm]:
    """What the program multiplies on light."""
    return conventions.contractions(read(scheduled(name, target), MODELS[name][1]))
