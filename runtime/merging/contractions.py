"""Contractions of a block: gathers, call, scatter and what is sent in between, taken together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from heliograph.ir.core import Op, ScalarType, TensorType, Value, walk
from heliograph.ir.dialects import CONTROL, AccessMap, IterSpace
from heliograph.runtime.merging.maps import ONE, Extents, NotPlainError, Operand, read_operand
from heliograph.runtime.program import BlockPlan


class Single(NamedTuple):
    """A contraction that is done in single steps, and why."""

    node: str
    why: str


@dataclass(frozen=True)
class Contraction:
    """``out[...] (+)= sum lhs[...] * rhs[...]`` over axes of more than one element."""

    steps: tuple[Op, ...]  # of the block, in order
    lhs: Operand
    rhs: Operand
    out: Operand
    extents: Extents
    adds: bool  # several products may be written to one place
    element: str
    loc: str

    @property
    def has_windows(self) -> bool:
        """Whether axes overlap in a dimension, as those of a convolution do."""
        return self.adds or any(p.overlaps(self.extents) for o in (self.lhs, self.rhs, self.out) for p in o.places)

    def swapped(self) -> Contraction:
        """The same with the operands exchanged."""
        return replace(self, lhs=self.rhs, rhs=self.lhs)


class Finder:
    """Finds the contractions of one block."""

    def __init__(self, block: BlockPlan, sources: Mapping[Value, Op]) -> None:
        self._sources = sources
        self._makers = {result: op for op in block.steps for result in op.results}
        self._uses = Counter(v for op in block.steps for v in read_by(op))
        self._uses.update(block.results)

    def behind(self, scatter: Op) -> Contraction:
        """The contraction that a scatter ends. Raises NotPlainError where its maps are odd."""
        back, call = self._trace(scatter.operands[0], "func.call")
        space, index, combine = (scatter.attributes[k] for k in ("space", "map", "combine"))
        assert isinstance(space, IterSpace)
        assert isinstance(index, AccessMap)
        axes = space.axes()
        extents = {axis: extent for axis, extent in axes.items() if extent != ONE}
        operands, steps = [], [scatter, *back]
        for matrix in call.operands:
            path, gather = self._trace(matrix, "tile.gather")
            steps += path
            access = gather.attributes["map"]
            assert isinstance(access, AccessMap)
            operands.append(read_operand(gather.operands[0], access, extents, axes))
        out = read_operand(scatter.result, index, extents, axes)
        lhs, rhs = operands
        elements = {_element(o.value) for o in (lhs, rhs, out)}
        if len(elements) != 1:
            raise NotPlainError(f"elements {', '.join(sorted(elements))}")
        (element,) = elements
        return Contraction(tuple(reversed(steps)), lhs, rhs, out, extents, combine == "add", element, scatter.loc)

    def _trace(self, value: Value, wanted: str) -> tuple[list[Op], Op]:
        """The op of that name that made a value, maybe sent since, and the steps from it on, last first."""
        path = []
        while True:
            op = self._makers.get(value)
            if op is None:
                op = self._sources.get(value)
                if op is None:
                    raise NotPlainError(f"{wanted} in another block")
            else:
                if self._uses[value] != 1:
                    raise NotPlainError("a matrix that others read too")
                path.append(op)
            if op.name == wanted:
                return path, op
            if op.name != "sched.send":
                raise NotPlainError(f"a matrix from {op.name}")
            value = op.operands[0]


def read_by(op: Op) -> list[Value]:
    """Values that an op reads, its bodies included where they see the values around them."""
    return [v for inner in walk(op) for v in inner.operands] if op.name in CONTROL else list(op.operands)


def _element(value: Value) -> str:
    kind = value.type
    assert isinstance(kind, TensorType)
    return kind.element.name if isinstance(kind.element, ScalarType) else str(kind.element)
