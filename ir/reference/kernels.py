"""A kernel function, loop by loop as it is written."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from heliograph.ir.core import Op, SymExpr, TensorType, Value, sym
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import Quant
from heliograph.ir.reference import light
from heliograph.ir.weights import Array


@dataclass
class Kernel:
    """One call of a kernel function."""

    call: light.Call
    values: dict[Value, Any]
    sizes: dict[str, int]
    accumulators: list[Array] = field(default_factory=list)  # of the loops we are in that have a result

    def run(self, ops: list[Op]) -> list[Any]:
        """Run a block; gives what `func.return` returns, nothing for loop bodies."""
        for op in ops:
            operands = [self.values[v] for v in op.operands]
            if op.name == "func.return":
                return operands
            if op.name != "tile.yield":
                self.values.update(zip(op.results, self.step(op, operands), strict=True))
        return []

    def step(self, op: Op, operands: list[Any]) -> list[Any]:
        """Results of one op."""
        if op.name == "tile.for":
            return self.loop(op)
        if op.name == "tile.load":
            x, b, m, k = operands
            vectors, ports = _pair(op)
            part = x[b, m : m + vectors, k : k + ports]  # missing rows stay out, missing columns are zero
            values = np.zeros((len(part), ports), x.dtype)
            values[:, : part.shape[1]] = part
            return [light.Tile(values, x, b, m)]
        if op.name == "optical.hold":
            w, b, k, n = operands
            return [light.hold(w, b, k, n, cast(Quant, op.attributes["quant"]), _pair(op), self.call)]
        if op.name == "optical.encode":
            return [light.encode(operands[0], cast(Quant, op.attributes["quant"]), self.call)]
        if op.name == "optical.multiply":
            return [light.multiply(*operands)]
        if op.name == "optical.detect":
            return [light.detect(operands[0], self.call)]
        if op.name == "tile.accumulate":
            partial, b, m, n = operands
            goal = self.accumulators[0][b, m : m + len(partial), n : n + partial.shape[1]]
            goal += partial[:, : goal.shape[1]]
            return []
        raise error("HG9001", f"no meaning for '{op.name}' in a kernel", node=op.loc)

    def loop(self, op: Op) -> list[Any]:
        """Every iteration of a nest in order, the last axis fastest."""
        extents, steps = (cast("tuple[SymExpr | int, ...]", op.attributes[k]) for k in ("extent", "step"))
        ranges = [
            range(0, sym(e).evaluate(self.sizes), sym(s).evaluate(self.sizes))
            for e, s in zip(extents, steps, strict=True)
        ]
        for result in op.results:
            kind = result.type
            assert isinstance(kind, TensorType)
            assert kind.shape is not None
            self.accumulators.append(np.zeros([d.evaluate(self.sizes) for d in kind.shape]))
        for point in itertools.product(*ranges):
            self.values.update(zip(op.body.args, point, strict=True))
            self.run(op.body.ops)
        return [self.accumulators.pop() for _ in op.results]


def call_kernel(func: Op, call: light.Call, x: Array, w: Array) -> Array:
    """``y[b, m, n]`` in the dtype of x."""
    args = func.body.args
    sizes: dict[str, int] = {}
    for arg, array in zip(args, (x, w), strict=True):
        assert isinstance(arg.type, TensorType)
        for size, actual in zip(arg.type.shape or (), array.shape, strict=True):
            if str(size).isidentifier():
                sizes.setdefault(str(size), actual)
    (y,) = Kernel(call, dict(zip(args, (x, w), strict=True)), sizes).run(func.body.ops)
    result: Array = y.astype(x.dtype)
    return result


def _pair(op: Op) -> tuple[int, int]:
    return cast("tuple[int, int]", op.attributes["shape"])
