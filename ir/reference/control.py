"""If, Loop and Scan as ONNX defines them (operator specification: If-21, Loop-21, Scan-21)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from heliograph.ir.core import DenseArray, Op, TensorType, Type
from heliograph.ir.diagnostics import error
from heliograph.ir.program.dtypes import expected_dtype

RunBody = Callable[[int, Sequence[Any]], list[Any]]  # number of the body, its arguments -> what it yields
_MOST_TRIPS = 1 << 31


def run_control(op: Op, operands: Sequence[Any], run_body: RunBody) -> list[Any]:
    """Results of a control op. Raises HG5001 for a Loop that never ends and for operands that do not fit."""
    if op.name == "control.if":
        return run_body(0 if bool(np.asarray(operands[0]).reshape(())) else 1, [])
    if op.name == "control.loop":
        return _loop(op, operands, run_body)
    return _scan(op, operands, run_body)


def _loop(op: Op, operands: Sequence[Any], run_body: RunBody) -> list[Any]:
    trips, condition, *carried = operands
    most = None if trips is None else int(np.asarray(trips).reshape(()))
    going = True if condition is None else bool(np.asarray(condition).reshape(()))
    if most is None and condition is None:
        raise error("HG5001", "a Loop without trip count and condition never ends", node=op.loc, op_type="Loop")
    stacks: list[list[Any]] = [[] for _ in op.results[len(carried) :]]
    done = 0
    while going and (most is None or done < most):
        if done >= _MOST_TRIPS:
            raise error("HG5001", f"the Loop did not end in {_MOST_TRIPS} trips", node=op.loc, op_type="Loop")
        keep, *yielded = run_body(0, [np.asarray(done, np.int64), np.asarray(going), *carried])
        going = bool(np.asarray(keep).reshape(()))
        carried = yielded[: len(carried)]
        for stack, value in zip(stacks, yielded[len(carried) :], strict=True):
            stack.append(value)
        done += 1
    kinds = (value.type for value in op.regions[0].block.ops[-1].operands[1 + len(carried) :])
    return [*carried, *(_stacked(stack, 0, False, kind) for stack, kind in zip(stacks, kinds, strict=True))]


def _scan(op: Op, operands: Sequence[Any], run_body: RunBody) -> list[Any]:
    scanned = op.attributes["num_scan_inputs"]
    assert isinstance(scanned, int)
    state, inputs = list(operands[: len(operands) - scanned]), operands[len(operands) - scanned :]
    axes, backwards = _ints(op, "scan_input_axes", scanned), _ints(op, "scan_input_directions", scanned)
    lengths = {np.shape(x)[a] for x, a in zip(inputs, axes, strict=True)}
    if len(lengths) != 1:
        raise error("HG5001", f"scanned inputs have different lengths: {sorted(lengths)}", node=op.loc, op_type="Scan")
    (steps,) = lengths
    outputs = len(op.results) - len(state)
    stacks: list[list[Any]] = [[] for _ in range(outputs)]
    for i in range(steps):
        taken = [
            np.take(x, steps - 1 - i if back else i, axis=a) for x, a, back in zip(inputs, axes, backwards, strict=True)
        ]
        yielded = run_body(0, [*state, *taken])
        state = yielded[: len(state)]
        for stack, value in zip(stacks, yielded[len(state) :], strict=True):
            stack.append(value)
    out_axes, reversed_ = _ints(op, "scan_output_axes", outputs), _ints(op, "scan_output_directions", outputs)
    kinds = (value.type for value in op.regions[0].block.ops[-1].operands[len(state) :])
    each = zip(stacks, out_axes, reversed_, kinds, strict=True)
    return [*state, *(_stacked(stack, axis, bool(back), kind) for stack, axis, back, kind in each)]


def _stacked(stack: list[Any], axis: int, backwards: bool, kind: Type) -> Any:
    """Values of all trips along a new axis. Of no trip: an empty array, with 0 for sizes that `kind` leaves open."""
    if not stack:
        dims = kind.dims if isinstance(kind, TensorType) else None
        shape = [int(size) if size is not None and size.is_constant else 0 for size in dims or ()]
        shape.insert(axis if axis >= 0 else len(shape) + 1 + axis, 0)
        return np.empty(shape, expected_dtype(kind) or np.float32)
    return np.stack(stack[::-1] if backwards else stack, axis=axis)


def _ints(op: Op, name: str, count: int) -> tuple[int, ...]:
    value = op.attributes.get(name)
    return tuple(int(v) for v in value.values) if isinstance(value, DenseArray) else (0,) * count
