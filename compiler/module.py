"""Access to the parts of a module that every pass needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from heliograph.ir.core import Block, FunctionType, Op, Region, Value
from heliograph.ir.dialects import CONTROL


def main_of(module: Op) -> Op:
    """The function @main. Raises ValueError when there is none."""
    for op in module.body.ops:
        if op.name == "func.func" and op.sym_name == "main":
            return op
    raise ValueError("the module has no @main")


def kernels_of(module: Op) -> dict[str, Op]:
    """The private functions (kernels) by name."""
    return {op.sym_name: op for op in module.body.ops if op.name == "func.func" and op.sym_name != "main"}


def with_main(module: Op, args: Sequence[Value], ops: Sequence[Op], others: Sequence[Op] = ()) -> Op:
    """A copy of the module whose @main has these arguments and ops, followed by `others`.

    The last op is the func.return; the function type follows from it. Other functions of the old module are dropped.
    """
    old = main_of(module)
    kind = FunctionType(tuple(a.type for a in args), tuple(v.type for v in ops[-1].operands))
    main = Op(
        "func.func",
        attributes={**old.attributes, "function_type": kind},
        regions=[Region([Block(args, ops)])],
        loc=old.loc,
    )
    body = Region([Block([], [*others, main])])
    return Op("builtin.module", attributes=module.attributes, regions=[body], loc=module.loc)


def rebuild(ops: Iterable[Op], mapping: dict[Value, Value], emit: Callable[[Op], list[Op]]) -> list[Op]:
    """Rebuild a block: `emit` gives what replaces an op and maps its results; bodies of control flow are rebuilt
    in turn, in textual order."""
    made: list[Op] = []
    for op in ops:
        if op.name not in CONTROL:
            made += emit(op)
            continue
        shell = Op(
            op.name,
            [mapping.get(v, v) for v in op.operands],
            [r.type for r in op.results],
            op.attributes,
            loc=op.loc,
            result_names=[r.name for r in op.results],
        )
        for region in op.regions:
            args = [Value(a.type, a.name) for a in region.block.args]
            mapping.update(zip(region.block.args, args, strict=True))
            shell.regions.append(Region([Block(args, rebuild(region.block.ops, mapping, emit))]))
        mapping.update(zip(op.results, shell.results, strict=True))
        made.append(shell)
    return made
