"""Control flow whose bodies hold contractions on light: If, Loop and Scan with the meaning that ONNX gives them.

Bodies are blocks of the same level as the function around them and see its values. `trips` is how often a body runs:
a size for Scan, a symbol of the program for a Loop whose count only the run knows. At the scheduled level `body_ps` is
the makespan of each body; slots inside a body are relative to the start of an iteration.
"""

from __future__ import annotations

from collections.abc import Iterator

from heliograph.ir.core import DenseArray, Op, SymExpr
from heliograph.ir.dialects.opdef import MANY, OpDef, declare

CONTROL = ("control.if", "control.loop", "control.scan")


def _verify_if(op: Op) -> Iterator[str]:
    if any(region.block.args for region in op.regions):
        yield "a branch takes no arguments"
    yield from _verify_yields(op, len(op.results))


def _verify_loop(op: Op) -> Iterator[str]:
    carried = len(op.operands) - 2
    if len(op.body.args) != carried + 2:
        yield f"carries {carried} values, the body takes {len(op.body.args)} arguments"
    yield from _verify_yields(op, len(op.results) + 1)


def _verify_scan(op: Op) -> Iterator[str]:
    if len(op.body.args) != len(op.operands):
        yield f"has {len(op.operands)} operands, the body takes {len(op.body.args)} arguments"
    yield from _verify_yields(op, len(op.results))


def _verify_yields(op: Op, count: int) -> Iterator[str]:
    for region in op.regions:
        last = region.block.ops[-1] if region.block.ops else None
        if last is None or last.name != "control.yield":
            yield "does not end in control.yield"
        elif len(last.operands) != count:
            yield f"yields {len(last.operands)} values where {count} are wanted"


_TIMES = {"body_ps": (tuple,)}
declare(
    OpDef(
        "control.if",
        "runs one of two bodies: (condition) -> results; regions then, else",
        operands=(1, 1),
        results=(0, MANY),
        regions=2,
        optional=_TIMES,
        verify=_verify_if,
    )
)
declare(
    OpDef(
        "control.loop",
        "ONNX Loop: (trip count or none, condition or none, carried...) -> (carried..., stacked...)",
        operands=(2, MANY),
        results=(0, MANY),
        regions=1,
        required={"trips": (SymExpr, int)},
        optional=_TIMES,
        verify=_verify_loop,
    )
)
declare(
    OpDef(
        "control.scan",
        "ONNX Scan: (carried..., scanned...) -> (carried..., stacked...)",
        operands=(1, MANY),
        results=(0, MANY),
        regions=1,
        required={"trips": (SymExpr, int), "num_scan_inputs": (int,)},
        optional={
            **_TIMES,
            "scan_input_axes": (DenseArray,),
            "scan_output_axes": (DenseArray,),
            "scan_input_directions": (DenseArray,),
            "scan_output_directions": (DenseArray,),
        },
        verify=_verify_scan,
    )
)
declare(OpDef("control.yield", "ends a body", operands=(0, MANY)))
