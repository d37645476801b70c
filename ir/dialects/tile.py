"""Symbolic loops over tiles, and the data movement around them."""

from __future__ import annotations

from collections.abc import Iterator

from heliograph.ir.core import Op
from heliograph.ir.dialects.electronic import Work
from heliograph.ir.dialects.opdef import MANY, OpDef, declare
from heliograph.ir.dialects.optical import AccessMap, IterSpace


def _verify_for(op: Op) -> Iterator[str]:
    axes, extent, step = (op.attributes[k] for k in ("axes", "extent", "step"))
    lengths = {len(part) for part in (axes, extent, step) if isinstance(part, tuple)} | {len(op.body.args)}
    if len(lengths) != 1:
        yield "axes, extent, step and block arguments differ in number"
    if not op.body.ops or op.body.ops[-1].name != "tile.yield":
        yield "does not end in tile.yield"


declare(
    OpDef(
        "tile.gather",
        "reads a tensor as the matrix [b, m, k] or [b, k, n] of a kernel (im2col, transposes, padding)",
        operands=(1, 1),
        results=(1, 1),
        required={"space": (IterSpace,), "map": (AccessMap,), "role": (str,), "work": (Work,)},
    )
)
declare(
    OpDef(
        "tile.scatter",
        "writes the matrix [b, m, n] of a kernel into a tensor (col2im where combine is 'add')",
        operands=(1, 1),
        results=(1, 1),
        required={"space": (IterSpace,), "map": (AccessMap,), "combine": (str,), "work": (Work,)},
    )
)
declare(
    OpDef(
        "tile.for",
        "a loop nest over tiles; extents may be symbolic; the result is what `tile.accumulate` adds up",
        operands=(0, MANY),
        results=(0, 1),
        regions=1,
        # tail: "zero" pads the last tile with zeros, "mask" leaves the missing rows out
        required={"axes": (tuple,), "extent": (tuple,), "step": (tuple,), "tail": (str,)},
        optional={"reduce": (tuple,)},
        verify=_verify_for,
    )
)
declare(OpDef("tile.yield", "ends a loop body"))
declare(
    OpDef(
        "tile.load",
        "reads a tile of vectors: (lhs, b, m, k) -> [vectors, k]",
        operands=(4, 4),
        results=(1, 1),
        required={"shape": (tuple,)},
    )
)
declare(
    OpDef(
        "tile.accumulate",
        "adds a tile of partial sums into the result of the outermost loop: (partial, b, m, n)",
        operands=(4, 4),
    )
)
