"""What of a module went to light and what to electronics, counted in nodes and multiply-accumulates."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from heliograph.ir.core import Op, SymExpr, sym
from heliograph.ir.dialects import CONTROL, Work
from heliograph.ir.names import source_of
from heliograph.ir.size_names import size_name, spell_size

_NAMED = 6
_LONGEST = 60
_NO_NODES = ("electronic.yield", "helio.none", "helio.weight")


@dataclass
class Coverage:
    """Counts; MACs may be symbolic. A node on light may leave electronic work (its bias, say): it counts as light."""

    light: set[str] = field(default_factory=set)  # source names of nodes
    light_macs: SymExpr = field(default_factory=lambda: sym(0))
    electronic: dict[str, str] = field(default_factory=dict)  # source name -> op type
    electronic_macs: SymExpr = field(default_factory=lambda: sym(0))
    regions: int = 0

    @property
    def electronic_types(self) -> Counter[str]:
        """How many nodes of each op type run on electronics."""
        return Counter(kind for name, kind in self.electronic.items() if name not in self.light)


def coverage(module: Op) -> Coverage:
    """Count the contractions and electronic nodes of a module, bodies of loops as often as they run."""
    found = Coverage()
    main = next((op for op in module.body.ops if op.sym_name == "main"), None)
    if main is not None:
        _count(main.body.ops, sym(1), found)
    return found


def _count(ops: list[Op], times: SymExpr, found: Coverage) -> None:
    for op in ops:
        macs = op.attributes.get("macs", 0)
        if op.name in ("optical.gemm", "func.call") and isinstance(macs, SymExpr | int):
            found.light.add(source_of(op.loc))
            found.light_macs += times * macs
        elif op.name == "electronic.region":
            work = op.attributes["work"]
            assert isinstance(work, Work)
            found.regions += 1
            found.electronic_macs += times * work.macs
            for inner in op.body.ops:
                if inner.name not in _NO_NODES:
                    found.electronic.setdefault(source_of(inner.loc), inner.name.rpartition(".")[2])
        elif op.name in CONTROL:
            trips = op.attributes.get("trips", 1)
            assert isinstance(trips, SymExpr | int)
            for number, region in enumerate(op.regions):  # of an If the first branch gives the MACs
                _count(region.block.ops, times * trips if number == 0 else sym(0), found)


def coverage_lines(module: Op) -> list[str]:
    """Two lines for people; none at levels where nothing is placed yet."""
    found = coverage(module)
    types = found.electronic_types
    nodes = len(found.light) + types.total()
    if not found.light and not found.regions:
        return []
    share = _share(found.light_macs, found.light_macs + found.electronic_macs)
    common = ", ".join(f"{count} {name}" for name, count in types.most_common(_NAMED))
    more = ", ..." if len(types) > _NAMED else ""
    return [
        f"on light        {len(found.light)} of {nodes} nodes, {share}",
        f"on electronics  {types.total()} nodes in {found.regions} regions: {common or 'leftovers of light'}{more}",
    ]


def _share(part: SymExpr, total: SymExpr) -> str:
    if total == sym(0):
        return "no multiply-accumulates"
    if part == total:
        return f"all {size_text(part)} multiply-accumulates"
    if part == sym(0):
        return f"none of {size_text(total)} multiply-accumulates"
    if part.is_constant and total.is_constant:
        return f"{100 * int(part) / int(total):.1f} % of {int(total):,} multiply-accumulates"
    return f"{size_text(part)} of {size_text(total)} multiply-accumulates"


def size_text(size: SymExpr) -> str:
    """A size with thousands separated; a long expression is told by what it depends on."""
    text = re.sub(r"\b\d+\b", lambda digits: f"{int(digits[0]):,}", spell_size(size))
    if len(text) <= _LONGEST:
        return text
    symbols = sorted(map(size_name, size.symbols()))
    shown = ", ".join(symbols[:_NAMED]) + (", ..." if len(symbols) > _NAMED else "")
    return f"(depends on {shown})"
