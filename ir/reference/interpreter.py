"""Runs a module of any level op by op. This is what a program means; engines are held to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from heliograph.ir.core import Block, Op, SymbolRef, TensorType, Value
from heliograph.ir.diagnostics import error
from heliograph.ir.dialects import CONTROL, AccessMap, IterSpace, WeightRef
from heliograph.ir.kernel import KernelView
from heliograph.ir.program.interface import defaults_of
from heliograph.ir.reference import access
from heliograph.ir.reference.control import run_control
from heliograph.ir.reference.kernels import call_kernel
from heliograph.ir.reference.light import Call
from heliograph.ir.reference.literals import weight_array
from heliograph.ir.reference.regions import Evaluator, as_region, onnx_reference, run_region
from heliograph.ir.weights import Array, Weights

_ROLES = {"lhs": "bmk", "rhs": "bkn"}


def interpret(
    module: Op, feeds: Mapping[str, Any], weights: Weights, evaluator: Evaluator = onnx_reference
) -> dict[str, Any]:
    """Outputs of @main by name. Converters round and saturate as kernels say; there is no noise.

    `evaluator` runs ONNX subgraphs. Feeds are trusted; sizes are bound from them.
    """
    return _Interpreter(module, weights, evaluator).main(feeds)


class _Interpreter:
    def __init__(self, module: Op, weights: Weights, evaluator: Evaluator) -> None:
        self._functions = {op.sym_name: op for op in module.body.ops if op.name == "func.func"}
        self._opsets = cast("dict[str, Any]", module.attributes.get("helio.opsets", {}))
        self._weights = weights
        self._evaluator = evaluator
        self._values: dict[Value, Any] = {}
        self._sizes: dict[str, int] = {}

    def main(self, feeds: Mapping[str, Any]) -> dict[str, Any]:
        main = self._functions["main"]
        names = cast("tuple[str, ...]", main.attributes["helio.inputs"])
        defaults = defaults_of(main)
        for name, arg in zip(names, main.body.args, strict=True):
            fed = name in feeds or name not in defaults
            self._define(arg, feeds[name] if fed else weight_array(defaults[name], self._weights))
        outputs = cast("tuple[str, ...]", main.attributes["helio.outputs"])
        return dict(zip(outputs, self._block(main.body), strict=True))

    def _block(self, block: Block) -> list[Any]:
        """What the last op of the block hands out."""
        for op in block.ops[:-1]:
            operands = [self._values[v] for v in op.operands]
            for result, value in zip(op.results, self._step(op, operands), strict=True):
                self._define(result, value)
        return [self._values[v] for v in block.ops[-1].operands]

    def _body(self, block: Block, args: Sequence[Any]) -> list[Any]:
        """Run a body once; its sizes are its own, since they may differ from trip to trip."""
        outside, self._sizes = self._sizes, dict(self._sizes)
        for arg, value in zip(block.args, args, strict=True):
            self._define(arg, value)
        results = self._block(block)
        self._sizes = outside
        return results

    def _define(self, value: Value, data: Any) -> None:
        """Set a value; sizes that are plain symbols are bound by the first array that has them."""
        self._values[value] = data
        if isinstance(value.type, TensorType) and isinstance(data, np.ndarray):
            for size, actual in zip(value.type.dims or (), data.shape, strict=False):
                if size is not None and str(size).isidentifier():
                    self._sizes.setdefault(str(size), actual)

    def _step(self, op: Op, operands: list[Any]) -> list[Any]:
        if op.name == "helio.weight":
            return [weight_array(op, self._weights)]
        if op.name == "helio.none":
            return [None]
        if op.name == "sched.send":
            return operands
        if op.name == "sched.resource":
            return []
        if op.name in CONTROL:
            return run_control(op, operands, lambda number, args: self._body(op.regions[number].block, args))
        if op.name == "electronic.region":
            return list(run_region(op, operands, self._opsets, self._lookup, self._evaluator))
        if op.name == "tile.gather":
            roles = _ROLES[cast(str, op.attributes["role"])]
            return [access.gather(operands[0], _space(op), _map(op, "map"), roles, self._sizes)]
        if op.name == "tile.scatter":
            return [self._scatter(op, operands[0], "map")]
        if op.name == "func.call":
            return [self._call(op, *operands)]
        if op.name == "optical.gemm":
            return [self._gemm(op, *operands)]
        if "." in op.name and op.name.partition(".")[0] not in ("func", "tile", "optical", "sched", "electronic"):
            region = as_region(op)
            values = [self._values[v] for v in region.operands]
            return list(run_region(region, values, self._opsets, self._lookup, self._evaluator))
        raise error("HG9001", f"no meaning for '{op.name}'", node=op.loc)

    def _lookup(self, ref: WeightRef) -> Array:
        return self._weights[ref.name]

    def _gemm(self, op: Op, lhs: Array, rhs: Array) -> Array:
        """The exact product: formats take effect where a kernel has been made of it."""
        x = access.gather(lhs, _space(op), _map(op, "lhs"), "bmk", self._sizes).astype(np.float64)
        w = access.gather(rhs, _space(op), _map(op, "rhs"), "bkn", self._sizes).astype(np.float64)
        y = np.zeros((x.shape[0], x.shape[1], w.shape[2]))
        for b, m, n in np.ndindex(*y.shape):
            y[b, m, n] = sum(x[b, m, k] * w[b, k, n] for k in range(x.shape[2]))
        return self._scatter(op, y.astype(lhs.dtype), "out")

    def _scatter(self, op: Op, matrix: Array, key: str) -> Array:
        kind = op.result.type
        assert isinstance(kind, TensorType)
        assert kind.shape is not None
        shape = [d.evaluate(self._sizes) for d in kind.shape]
        combine = cast(str, op.attributes["combine"])
        return access.scatter(matrix, _space(op), _map(op, key), combine, shape, self._sizes)

    def _call(self, op: Op, x: Array, w: Array) -> Array:
        func = self._functions[cast(SymbolRef, op.attributes["callee"]).name]
        lhs_scale, adc_rms = (cast("float | None", op.attributes.get(k)) for k in ("lhs_scale", "adc_rms"))
        return call_kernel(func, Call(KernelView.of(func).spec, lhs_scale, adc_rms, op.loc), x, w)


def _space(op: Op) -> IterSpace:
    return cast(IterSpace, op.attributes["space"])


def _map(op: Op, key: str) -> AccessMap:
    return cast(AccessMap, op.attributes[key])
