"""What of a module went to light and what to electronics, counted in nodes and multiply-accumulates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from heliograph.ir.core import Op, SymExpr, sym, walk
from heliograph.ir.dialects import Work

_NAMED = 6


@dataclass
class Coverage:
    """Counts; MACs may be symbolic."""

    light: list[str] = field(default_factory=list)  # source names
    light_macs: SymExpr = field(default_factory=lambda: sym(0))
    electronic: Counter[str] = field(default_factory=Counter)  # by op type
    electronic_macs: SymExpr = field(default_factory=lambda: sym(0))
    regions: int = 0


def coverage(module: Op) -> Coverage:
    """Count the contractions and electronic nodes of the main function."""
    found = Coverage()
    for op in walk(module):
        macs = op.attributes.get("macs", 0)
        if op.name in ("optical.gemm", "func.call") and isinstance(macs, SymExpr | int):
            found.light.append(op.loc)
            found.light_macs += macs
        elif op.name == "electronic.region":
            work = op.attributes["work"]
            assert isinstance(work, Work)
            found.regions += 1
            found.electronic_macs += work.macs
            found.electronic.update(
                inner.name.rpartition(".")[2]
                for inner in op.body.ops
                if inner.name not in ("electronic.yield", "helio.none")
            )
    return found


def coverage_lines(module: Op) -> list[str]:
    """Two lines for people; none at levels where nothing is placed yet."""
    found = coverage(module)
    nodes = len(found.light) + found.electronic.total()
    if not nodes or not (found.light or found.regions):
        return []
    total = found.light_macs + found.electronic_macs
    share = _share(found.light_macs, total)
    common = ", ".join(f"{count} {name}" for name, count in found.electronic.most_common(_NAMED))
    more = ", ..." if len(found.electronic) > _NAMED else ""
    return [
        f"on light        {len(found.light)} of {nodes} nodes, {share} multiply-accumulates",
        f"on electronics  {found.electronic.total()} nodes in {found.regions} regions: {common}{more}"
        if found.electronic
        else "on electronics  nothing",
    ]


def _share(part: SymExpr, total: SymExpr) -> str:
    if total == sym(0):
        return "no"
    if part == total:
        return f"all {_text(part)}"
    if part.is_constant and total.is_constant:
        return f"{100 * int(part) / int(total):.1f} % of {int(total):,}"
    return f"{_text(part)} of {_text(total)}"


def _text(size: SymExpr) -> str:
    return f"{int(size):,}" if size.is_constant else str(size)
