"""Rotary embedding of queries and keys, on electronics."""

from __future__ import annotations

from heliograph.compiler.contractions.heads import Heads
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.contractions.stays import StaysElectronic
from heliograph.ir.core import AttributeValue, Op, Value


def rotated(
    vectors: Heads, positions: Value, angles: tuple[Value, Value], lowering: Lowering, *, interleaved: bool
) -> Heads:
    """Packed vectors, turned by the angles (cosines and sines) of their positions."""
    half = shape_of(angles[0])[1]
    if not half.is_constant:
        raise StaysElectronic("HG2006", "the number of rotated channels is unknown")
    turned, width = 2 * int(half), int(vectors.width)
    attributes: dict[str, AttributeValue] = {"interleaved": int(interleaved)}
    if turned != width:
        attributes |= {"num_heads": vectors.heads, "rotary_embedding_dim": turned}
    own = vectors.alone(lowering)
    made = Op("com.microsoft.RotaryEmbedding", [own, positions, *angles], [own.type], attributes)
    return Heads.packed(lowering.emit(made), vectors.heads, width)
