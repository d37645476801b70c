"""Shape rules of control flow: what the bodies yield, where that is the same however often they run."""

from __future__ import annotations

from collections.abc import Sequence

from heliograph.compiler.shapes.sizes import SizeValues
from heliograph.ir.core import Op, SymExpr, TensorType, Value

_Shape = Sequence[SymExpr | None]


def branches(op: Op, _: SizeValues) -> list[_Shape | None]:
    """If: sizes in which both branches agree."""
    yielded = [region.block.ops[-1].operands for region in op.regions]
    return [_agreed(*values) for values in zip(*yielded, strict=True)]


def loop(op: Op, _: SizeValues) -> list[_Shape | None]:
    """Loop: sizes that carried values keep from before the loop to after each iteration."""
    body = op.body
    return [
        _agreed(before, inside, after)
        for before, inside, after in zip(op.operands[2:], body.args[2:], body.ops[-1].operands[1:], strict=False)
    ]


def _agreed(*values: Value) -> _Shape | None:
    shapes = [v.type.dims if isinstance(v.type, TensorType) else None for v in values]
    if any(s is None for s in shapes) or len({len(s) for s in shapes if s is not None}) != 1:
        return None
    known = [s for s in shapes if s is not None]
    return [sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*known, strict=True)]
