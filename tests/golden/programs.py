"""Models compiled at full size by the ordinary path, and what their programs multiply."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import onnx
from full_size import decoders, encoders
from zoo.graph import External

import heliograph
from heliograph.backends import load_target
from heliograph.backends.conventions.gemms import Gemm, Kind
from heliograph.compiler import compile_model
from heliograph.ir.core import Op
from heliograph.runtime.report import Report, build_report
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
    """What the program multiplies on light, in order; equal products of one row are one entry that repeats.

    A row is the innermost scope of the ONNX node. Of the products whose operands are both computed, which alternate,
    the first takes queries to keys, the second mixes values.
    """
    module = scheduled(name, target)
    reading = read(module, MODELS[name][1])
    weights = {value for op in reading.main.body.ops if op.name == "helio.weight" for value in op.results}
    held = {op.results[0]: op.operands[0] in weights for op in reading.main.body.ops if op.name == "tile.gather"}
    found: Counter[Gemm] = Counter()
    computed = 0
    for running in reading.running():
        op = running.op
        if op.name != "func.call":
            continue
        size, row = reading.call(op).sizes, op.loc.split("/")[-2]
        if held[op.operands[1]]:
            gemm = Gemm(row, size["b"], size["n"], size["k"], size["m"])
        else:
            kind: Kind = "values" if computed % 2 else "scores"
            gemm = Gemm(row, size["b"], size["m"], size["k"], size["n"], kind)
            computed += 1
        found[gemm] += running.times
    return [Gemm(g.row, g.copies, g.m, g.k, g.n, g.kind, times) for g, times in found.items()]
