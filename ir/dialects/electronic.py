"""What runs on the target's electronics, and how much work that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from heliograph.ir.core import Attribute, Op, SymExpr, dialect_attribute, sym
from heliograph.ir.dialects.opdef import MANY, OpDef, declare


@dialect_attribute("electronic.work")
@dataclass(frozen=True, slots=True)
class Work(Attribute):
    """Electronic operations, counted: multiply-accumulates, cheap elementwise operations (add, max, compare),
    reductions (elements summed), transcendental functions (exp, tanh, ...), and bytes moved."""

    macs: SymExpr | int = 0
    elementwise: SymExpr | int = 0
    reduce: SymExpr | int = 0
    transcendental: SymExpr | int = 0
    moved_bytes: SymExpr | int = 0

    def __post_init__(self) -> None:
        for field in fields(self):  # one spelling per value: a constant count is an int
            count = getattr(self, field.name)
            if isinstance(count, SymExpr) and count.is_constant:
                object.__setattr__(self, field.name, int(count))

    def __add__(self, other: Work) -> Work:
        return Work(*(sym(getattr(self, f.name)) + sym(getattr(other, f.name)) for f in fields(self)))

    def evaluate(self, binding: dict[str, int]) -> dict[str, int]:
        """All counts as integers. Raises KeyError for an unbound symbol."""
        return {f.name: sym(getattr(self, f.name)).evaluate(binding) for f in fields(self)}


def is_prepared(op: Op) -> bool:
    """Whether an op is a region that runs once, when the program is loaded: it computes constants from constants."""
    return op.name == "electronic.region" and "preparation" in op.attributes


def _verify_region(op: Op) -> Iterator[str]:
    work, prepared = op.attributes.get("work"), is_prepared(op)
    if prepared and work != Work():
        yield "has work in every run beside its preparation"
    block = op.body
    if [a.type for a in block.args] != [v.type for v in op.operands]:
        yield "block arguments differ from the operands"
    if not block.ops or block.ops[-1].name != "electronic.yield":
        yield "does not end in electronic.yield"
    elif [v.type for v in block.ops[-1].operands] != [r.type for r in op.results]:
        yield "yielded types differ from the results"


declare(
    OpDef(
        "electronic.region",
        "an ONNX subgraph that runs on electronics",
        operands=(0, MANY),
        results=(0, MANY),
        regions=1,
        required={"why": (str,), "work": (Work,)},
        optional={"preparation": (Work,)},
        verify=_verify_region,
    )
)
declare(OpDef("electronic.yield", "ends an electronic region", operands=(0, MANY)))
