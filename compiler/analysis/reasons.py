"""Why an op that is no contraction runs on electronics: a code of the 20xx range and a few words."""

from __future__ import annotations

from heliograph.compiler.analysis.macs import macs_of
from heliograph.compiler.analysis.work import work_of
from heliograph.ir.core import Op, sym


def reason(op: Op) -> tuple[str, str]:
    """The code and its words, decided by what kind of work the op is."""
    kind = op.name.rpartition(".")[2]
    if op.regions:
        return "HG2005", "control flow"
    macs = macs_of(op)
    if macs is not None:
        return "HG2007", f"{kind} is not lowered to matrix products"
    work = work_of(op)
    if sym(work.reduce) != sym(0):
        return "HG2003", "row statistics"
    if sym(work.elementwise) != sym(0) or sym(work.transcendental) != sym(0):
        return "HG2001", "nonlinear or elementwise"
    return "HG2002", "moves or reshapes data"
