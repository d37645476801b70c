"""What the attention operators of com.microsoft share: attributes, masks, and the caches they give."""

from __future__ import annotations

from heliograph.compiler.contractions import masks
from heliograph.compiler.contractions.attention import Masks
from heliograph.compiler.contractions.heads import Heads
from heliograph.compiler.contractions.lowering import Lowering, optional_operand
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import DenseArray, Op, Value


def optionals(op: Op, first: int, end: int) -> list[Value | None]:
    """Operands from `first` to before `end`, None where absent."""
    return [optional_operand(op, i) for i in range(first, end)]


def head_count(op: Op, name: str) -> int:
    """A number of heads."""
    value = op.attributes.get(name)
    if not isinstance(value, int) or value < 1:
        raise StaysElectronic("HG2007", f"{name} is not given")
    return value


def attribute_masks(op: Op, mask: Value | None, added: Value | None, lowering: Lowering) -> Masks:
    """Bias, key mask and causal mask as the operands and attributes of an op say."""
    filtered = op.attributes.get("mask_filter_value", -10000.0)
    assert isinstance(filtered, float)

    def apply(scores: Value) -> Value:
        if added is not None:
            scores = masks.biased(scores, added, lowering)
        if mask is not None:
            scores = masks.padded(scores, mask, filtered, lowering)
        return masks.causal(scores, lowering) if op.attributes.get("unidirectional") else scores

    return apply


def wanted(op: Op, result: int) -> bool:
    """Whether a node has a result at this place."""
    absent = op.attributes.get("helio.absent")
    return result < len(op.results) and not (isinstance(absent, DenseArray) and result in absent.values)


def caches(op: Op, parts: list[Heads], lowering: Lowering) -> list[Value]:
    """Results from the second on: keys and values head by head."""
    given = parts[: len(op.results) - 1]
    return [p.spread(lowering) if wanted(op, i) else lowering.none() for i, p in enumerate(given, 1)]
