"""A merged run made ready: it checks what goes in, runs, and checks what its contractions relied on."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from heliograph.ir.core import Block, Op, Region, TensorType, Value
from heliograph.ir.diagnostics import HeliographError
from heliograph.runtime.electronics import Electronics
from heliograph.runtime.feeds import bind_sizes
from heliograph.runtime.frame import Frame
from heliograph.runtime.merging.body import shape_op
from heliograph.runtime.merging.runs import Run


class Look(NamedTuple):
    """A tensor made in the run to look at: where in the results it, or a vector of its sizes, is."""

    value: Value
    position: int
    as_sizes: bool
    relied: bool  # a contraction needs its sizes to be as declared


@dataclass(frozen=True)
class Merged:
    """A run with the region that does it, which yields what is to be looked at too."""

    run: Run
    region: Op
    looks: tuple[Look, ...]
    doubtful: tuple[int, ...]  # operands that nobody has compared with their types

    @staticmethod
    def of(run: Run, unproven: Iterable[Value], checked: Container[Value]) -> Merged:
        """Look at the tensors whose sizes are not proven, and at those that may bind sizes."""
        relied = frozenset(unproven)
        results = list(run.region.results)
        yielded = list(run.region.body.ops[-1].operands)
        ops = run.region.body.ops[:-1]
        looks = []
        for value, inside in {**run.binding, **{v: run.read[v] for v in run.read if v in relied}}.items():
            if value in results:
                looks.append(Look(value, results.index(value), False, value in relied))
                continue
            looks.append(Look(value, len(yielded), True, value in relied))
            ops.append(shape_op(inside))
            yielded.append(ops[-1].result)
        block = Block(run.region.body.args, [*ops, Op("electronic.yield", yielded)])
        region = Op(
            "electronic.region",
            run.region.operands,
            [v.type for v in yielded],
            run.region.attributes,
            [Region([block])],
            loc=run.region.loc,
        )
        doubtful = tuple(i for i, v in enumerate(region.operands) if v not in checked)
        return Merged(run, region, tuple(looks), doubtful)

    def values(self, frame: Frame, electronics: Electronics) -> Sequence[Any] | None:
        """Results of the run; None where something is not as the program says, which single steps then tell."""
        wanted = self.region.operands
        operands = [frame[v] for v in wanted]
        if not all(_fits(wanted[i], operands[i], frame.binding) for i in self.doubtful):
            return None
        try:
            found = electronics.run(self.region, operands)
        except HeliographError:
            return None
        if not self.looks:
            return found
        binding = dict(frame.binding)
        for value, position, as_sizes, relied in self.looks:
            shape = tuple(found[position].tolist()) if as_sizes else found[position].shape
            bind_sizes(value, shape, binding)
            if relied and not _is_as_told(value.type, shape, binding):
                return None
        frame.binding.update(binding)
        return found[: len(self.run.region.results)]


def _fits(value: Value, array: Any, binding: Mapping[str, int]) -> bool:
    return not isinstance(array, np.ndarray) or _is_as_told(value.type, array.shape, binding)


def _is_as_told(kind: object, shape: tuple[int, ...], binding: Mapping[str, int]) -> bool:
    """Whether a shape is what a type says; not so where a size of the type is not bound."""
    dims = kind.dims if isinstance(kind, TensorType) else None
    if dims is None:
        return True
    if len(dims) != len(shape):
        return False
    try:
        return all(d is None or d.evaluate(binding) == n for d, n in zip(dims, shape, strict=True))
    except KeyError:
        return False
