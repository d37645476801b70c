"""Electronic regions, and single ONNX ops outside of one, by ONNX's own reference evaluator or the caller's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heliograph.ir.core import AttributeValue, Block, Op, Region, Value
from heliograph.ir.onnx_export import WeightLookup, export_region

if TYPE_CHECKING:
    import onnx

Evaluator = Callable[["onnx.ModelProto", Mapping[str, Any]], Sequence[Any]]


def onnx_reference(model: onnx.ModelProto, feeds: Mapping[str, Any]) -> Sequence[Any]:
    """`onnx.reference.ReferenceEvaluator`: slow, and the word of the standard."""
    from onnx.reference import ReferenceEvaluator

    return list(ReferenceEvaluator(model).run(None, dict(feeds)))


def run_region(
    region: Op,
    operands: Sequence[Any],
    opsets: Mapping[str, AttributeValue],
    lookup: WeightLookup,
    evaluator: Evaluator,
) -> Sequence[Any]:
    """What a region yields."""
    model = export_region(region, opsets, lookup, inline_bytes=None)
    return evaluator(model.proto, {n: v for n, v in zip(model.inputs, operands, strict=True) if n})


def as_region(op: Op) -> Op:
    """A region of one ONNX op, so that the graph level can be run too; outer values of its subgraphs are operands."""
    outer = [*dict.fromkeys([*op.operands, *_captured(op)])]
    args = [Value(v.type, v.name) for v in outer]
    copy = op.clone(dict(zip(outer, args, strict=True)))
    block = Block(args, [copy, Op("electronic.yield", copy.results)])
    return Op("electronic.region", outer, [r.type for r in op.results], regions=[Region([block])], loc=op.loc)


def _captured(op: Op) -> list[Value]:
    """Values used inside an op's regions that are not defined there."""
    found: list[Value] = []
    for region in op.regions:
        defined = set(region.block.args)
        for inner in region.block.ops:
            found += [v for v in [*inner.operands, *_captured(inner)] if v not in defined]
            defined.update(inner.results)
    return found
