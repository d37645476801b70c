"""Contractions of a program as published simulators take them, and what they cost by their rules."""

from __future__ import annotations

from collections import Counter

from heliograph.backends import Target, sections
from heliograph.backends.conventions.gemms import Gemm, Kind
from heliograph.backends.conventions.lightening_transformer import lt_cost
from heliograph.ir.dialects import is_prepared
from heliograph.runtime.report.model import Published
from heliograph.runtime.report.reading import Reading


def contractions(reading: Reading) -> list[Gemm]:
    """What a program multiplies on light, in order; equal products of one row are one entry that repeats.

    A row is the innermost scope of the ONNX node. A left operand is a weight where there is one. Of the products of
    two computed operands, which alternate in attention, the first takes queries to keys, the second mixes values.
    """
    weights = {
        value for op in reading.main.body.ops if op.name == "helio.weight" or is_prepared(op) for value in op.results
    }
    held = {op.results[0]: op.operands[0] in weights for op in reading.main.body.ops if op.name == "tile.gather"}
    found: Counter[Gemm] = Counter()
    computed = 0
    for running in reading.running():
        op = running.op
        if op.name != "func.call":
            continue
        size, row = reading.call(op).sizes, op.loc.rpartition("/")[0].rpartition("/")[2]
        if held.get(op.operands[1], False):
            gemm = Gemm(row, size["b"], size["n"], size["k"], size["m"])
        else:
            kind: Kind = "values" if computed % 2 else "scores"
            gemm = Gemm(row, size["b"], size["m"], size["k"], size["n"], kind)
            computed += 1
        found[gemm] += running.times
    return [Gemm(g.row, g.copies, g.m, g.k, g.n, g.kind, times) for g, times in found.items()]


def published(target: Target, reading: Reading) -> Published | None:
    """By the conventions the target asks for; None for our own. All formats are as wide as the inputs."""
    if not target.has(sections.Accounting):
        return None
    conventions = target.section(sections.Accounting).conventions
    if conventions == "own":
        return None
    cost = lt_cost(contractions(reading), target, target.formats.input_bits)
    return Published(conventions=conventions, energy_j=cost.energy_mj * 1e-3, latency_s=cost.latency_ms * 1e-3)
