"""Values, ops, blocks and regions.

Passes do not edit ops in place: they build new ones and map old values to new (`Op.clone`). Nothing here keeps
use lists, so building is cheap and a module can be shared between threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from heliograph.ir.core.attributes import AttributeValue
from heliograph.ir.core.types import Type


class Value:
    """An SSA value: the result of an op or the argument of a block. Compared by identity."""

    __slots__ = ("name", "type")

    def __init__(self, type: Type, name: str = "") -> None:
        self.type = type
        self.name = name  # hint for the printer; the printer makes it unique

    def __repr__(self) -> str:
        return f"%{self.name or '?'}: {self.type}"


class Block:
    """A list of ops with arguments."""

    __slots__ = ("args", "ops")

    def __init__(self, args: Sequence[Value] = (), ops: Sequence[Op] = ()) -> None:
        self.args = list(args)
        self.ops = list(ops)


class Region:
    """Blocks owned by an op. All of ours have exactly one block."""

    __slots__ = ("blocks",)

    def __init__(self, blocks: Sequence[Block] = ()) -> None:
        self.blocks = list(blocks)

    @property
    def block(self) -> Block:
        """The only block. Raises ValueError when there is another number of blocks."""
        (only,) = self.blocks
        return only


class Op:
    """An operation in generic form. `loc` is the source name (of the ONNX node) that it stands for."""

    __slots__ = ("attributes", "loc", "name", "operands", "regions", "results")

    def __init__(
        self,
        name: str,
        operands: Sequence[Value] = (),
        result_types: Sequence[Type] = (),
        attributes: Mapping[str, AttributeValue] | None = None,
        regions: Sequence[Region] = (),
        loc: str = "",
        result_names: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.operands = list(operands)
        names = [*result_names, *[""] * (len(result_types) - len(result_names))]
        self.results = [Value(t, n) for t, n in zip(result_types, names, strict=True)]
        self.attributes: dict[str, AttributeValue] = dict(attributes or {})
        self.regions = list(regions)
        self.loc = loc

    @property
    def result(self) -> Value:
        """The only result. Raises ValueError when there is another number of results."""
        (only,) = self.results
        return only

    @property
    def body(self) -> Block:
        """The block of the only region."""
        (only,) = self.regions
        return only.block

    @property
    def sym_name(self) -> str:
        """The symbol that a module, function or resource defines; empty when none."""
        name = self.attributes.get("sym_name", "")
        return name if isinstance(name, str) else ""

    def clone(self, mapping: dict[Value, Value], **changes: AttributeValue) -> Op:
        """Copy with operands mapped (unmapped ones stay), regions copied, attributes replaced by `changes`.

        The results and block arguments of the copy are added to `mapping`.
        """
        copy = Op(
            self.name,
            [mapping.get(v, v) for v in self.operands],
            [r.type for r in self.results],
            {**self.attributes, **changes},
            loc=self.loc,
            result_names=[r.name for r in self.results],
        )
        mapping.update(zip(self.results, copy.results, strict=True))
        for region in self.regions:
            blocks = []
            for block in region.blocks:
                args = [Value(a.type, a.name) for a in block.args]
                mapping.update(zip(block.args, args, strict=True))
                blocks.append(Block(args, [op.clone(mapping) for op in block.ops]))
            copy.regions.append(Region(blocks))
        return copy

    def __repr__(self) -> str:
        return f"<Op {self.name} {self.loc}>"


def walk(op: Op) -> Iterator[Op]:
    """The op and every op nested in it, in textual order."""
    yield op
    for region in op.regions:
        for block in region.blocks:
            for inner in block.ops:
                yield from walk(inner)
