"""From ONNX control flow to `control` ops, for bodies that have something to multiply."""

from __future__ import annotations

import re
from collections.abc import Sequence

from heliograph.compiler.contractions import RULES
from heliograph.compiler.contractions.lowering import shape_of
from heliograph.compiler.expansions import EXPANSIONS
from heliograph.ir.core import AttributeValue, DenseArray, Op, Region, SymExpr, Value, sym, walk

CONTROL_OPS = {"onnx.If": "control.if", "onnx.Loop": "control.loop", "onnx.Scan": "control.scan"}
_KEPT = (
    "num_scan_inputs",
    "scan_input_axes",
    "scan_output_axes",
    "scan_input_directions",
    "scan_output_directions",
)


def has_contraction(op: Op) -> bool:
    """True when a body holds an op that may go to light."""
    return any(inner.name in RULES or inner.name in EXPANSIONS for inner in walk(op))


def bodies(op: Op) -> list[Region]:
    """The bodies in the order of the control op: then before else."""
    if op.attributes["helio.subgraphs"] == ("else_branch", "then_branch"):
        return op.regions[::-1]
    return op.regions


def control_shell(op: Op, operands: Sequence[Value]) -> Op:
    """The control op without its bodies."""
    attributes: dict[str, AttributeValue] = {k: op.attributes[k] for k in _KEPT if k in op.attributes}
    if op.name != "onnx.If":
        attributes["trips"] = _trips(op)
    return Op(
        CONTROL_OPS[op.name],
        operands,
        [r.type for r in op.results],
        attributes,
        loc=op.loc,
        result_names=[r.name for r in op.results],
    )


def _trips(op: Op) -> SymExpr | int:
    """How often the body runs: a size for Scan; for Loop a symbol, since its condition decides."""
    if op.name == "onnx.Scan":
        scanned = op.attributes["num_scan_inputs"]
        assert isinstance(scanned, int)
        axes = op.attributes.get("scan_input_axes")
        first = op.operands[len(op.operands) - scanned]
        axis = int(axes.values[0]) if isinstance(axes, DenseArray) else 0
        size = shape_of(first)[axis]
        return int(size) if size.is_constant else size
    return sym("trips_" + (re.sub(r"\W", "_", op.loc, flags=re.ASCII) or "loop"))
