"""Insert the transfers between edge node and computing center that a program needs.

With electronics at the edge (the seed's cloud) the streamed operand of every contraction crosses the fibre as
light and its result comes back. With electronics at the center only the program's inputs and results cross.
"""

from __future__ import annotations

from collections.abc import Sequence

from heliograph.backends import Target, family_of
from heliograph.compiler.analysis.work import element_bits
from heliograph.ir.core import Op, SymExpr, TensorType, Value, walk
from heliograph.ir.dialects import CONTROL, is_prepared


def with_transfers(main: Op, target: Target) -> tuple[list[Value], list[Op]]:
    """Copies of the arguments and ops of @main, with `sched.send` wherever a value changes sites."""
    args = [Value(a.type, a.name) for a in main.body.args]
    mapping: dict[Value, Value] = dict(zip(main.body.args, args, strict=True))
    ops = [op.clone(mapping) for op in main.body.ops]
    delay = family_of(target).fibre_ps(target)
    if target.cloud.electronics_site == "edge":
        return args, _around_calls(ops, delay)
    return args, _around_program(ops, args, delay)


def _around_calls(ops: Sequence[Op], delay: int) -> list[Op]:
    # weights are sent ahead of time and do not delay anything
    return _block(ops, delay, {}, set())


def _block(ops: Sequence[Op], delay: int, moved: dict[Value, Value], constants: set[Value]) -> list[Op]:
    placed: list[Op] = []
    for op in ops:
        op.operands = [moved.get(v, v) for v in op.operands]
        if op.name in CONTROL:
            for region in op.regions:
                region.block.ops = _block(region.block.ops, delay, moved, constants)
        gathers = op.name == "tile.gather" and op.operands[0] in constants
        if op.name == "helio.weight" or is_prepared(op) or gathers:
            constants.update(op.results)
        if op.name != "func.call":
            placed.append(op)
            continue
        sends = [_send(v, "light", "center", delay, op.loc) for v in op.operands if v not in constants]
        arrived = {s.operands[0]: s.result for s in sends}
        op.operands = [arrived.get(v, v) for v in op.operands]
        back = _send(op.result, "digital", "edge", delay, op.loc)
        placed += [*sends, op, back]
        moved[op.result] = back.result
    return placed


def _around_program(ops: Sequence[Op], args: Sequence[Value], delay: int) -> list[Op]:
    arrivals = [_send(a, "digital", "center", delay, a.name) for a in args if isinstance(a.type, TensorType)]
    moved = {s.operands[0]: s.result for s in arrivals}
    for op in ops:
        for inner in walk(op) if op.name in CONTROL else (op,):
            inner.operands = [moved.get(v, v) for v in inner.operands]
    leaving = [
        _send(v, "digital", "edge", delay, v.name)
        for v in dict.fromkeys(ops[-1].operands)
        if isinstance(v.type, TensorType)
    ]
    back = {s.operands[0]: s.result for s in leaving}
    ops[-1].operands = [back.get(v, v) for v in ops[-1].operands]
    return [*arrivals, *ops[:-1], *leaving, ops[-1]]


def _send(value: Value, medium: str, to: str, delay: int, loc: str) -> Op:
    assert isinstance(value.type, TensorType)
    numel = value.type.numel
    bits: SymExpr | int = 0
    if medium == "digital" and numel is not None:
        whole = numel * element_bits(value.type)
        bits = int(whole) if whole.is_constant else whole
    return Op(
        "sched.send",
        [value],
        [value.type],
        {"medium": medium, "to": to, "bits": bits, "delay_ps": delay},
        loc=loc,
        result_names=[value.name],
    )
