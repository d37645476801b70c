"""Sixteen rows of the streamed operand: codes, sums, full scales and features."""

from __future__ import annotations

from collections.abc import Mapping

from heliograph.runtime.engines.fused.lanes import F32, Lanes, Value
from heliograph.runtime.engines.fused.once.encode import Encoder, element_type, emit_light, emit_numbers
from heliograph.runtime.engines.fused.once.features import emit_features
from heliograph.runtime.engines.fused.once.shape import OnceShape


def emit_block(
    v: Lanes, shape: OnceShape, a: Mapping[str, Value], p: Mapping[str, Value], rows: tuple[Value, Value]
) -> None:
    """Encode sixteen rows. `rows`: numbers of the first within the entry, and within the scratch."""
    b, (row, local) = v.b, rows
    scale = emit_numbers(v, shape, a, row)
    encoder = Encoder(v, shape, p, scale)
    b.store(scale, v.at(a["scales"], local, F32), align=4)
    if shape.measured:
        with b.if_then(b.icmp_signed(">=", local, a["lead"])):
            mask = v.below(local, b.add(a["lead"], a["rows"]))
            address = v.at(a["row_scales"], row, F32)
            v.store_some(scale, address, mask)
    if shape.features:
        emit_features(v, shape, a, p, v.at(a["features"], b.mul(local, a["feature_width"]), F32), encoder)
    light = v.at(a["light"], b.mul(local, a["width"]), element_type(shape))
    emit_light(v, shape, a, light, None if shape.features else encoder)
    if shape.summed:
        b.store(encoder.sums, v.at(a["sums"], local, F32), align=4)
