"""Rows in lanes: sixteen rows at a time."""

from __future__ import annotations

from collections.abc import Mapping

from heliograph.runtime.engines.fused.lanes import F32, I32, LANES, VF32, VI32, Lanes, Value
from heliograph.runtime.engines.fused.layout import light_operand
from heliograph.runtime.engines.fused.light import (
    Encoder,
    Strip,
    emit_largest,
    emit_scale,
)
from heliograph.runtime.engines.fused.light_read import emit_read
from heliograph.runtime.engines.fused.shape import Shape

_TOGETHER = 4  # ports, at most, that share a unit


def emit_windows(v: Lanes, shape: Shape, a: Mapping[str, Value], p: Mapping[str, Value], strip: Strip) -> None:
    """Light, code sums and scales of a strip, block by block; codes of earlier blocks are kept as long as needed."""
    b = v.b
    lead = b.udiv(b.add(a["before"], v.i64(LANES - 1)), v.i64(LANES))
    kept = b.add(lead, v.i64(1))
    size = b.mul(b.and_(b.add(a["k"], v.i64(LANES - 1)), v.i64(-LANES)), v.i64(LANES))
    blocks = b.udiv(b.add(strip.rows, v.i64(LANES - 1)), v.i64(LANES))
    first = b.udiv(strip.first, v.i64(LANES))
    extra = b.mul(lead, strip.earlier)
    encoder = Encoder(v, shape, p)

    def codes_at(number: Value) -> Value:
        return v.at(a["codes"], b.mul(b.urem(number, kept), size), F32)

    def block(counter: Value) -> None:
        local = b.sub(counter, extra)
        number = b.add(first, local)
        top = b.add(a["row"], b.mul(number, v.i64(LANES)))
        own = codes_at(b.add(number, lead))
        lit = b.icmp_signed(">=", local, v.i64(0))
        read = b.icmp_signed("<", b.add(b.mul(local, v.i64(LANES)), a["before"]), a["rows"])
        with b.if_then(b.or_(lit, read)):
            with b.if_else(b.icmp_signed("<", top, v.i64(0))) as (dark, bright):
                with dark:
                    v.loop(size, lambda i: b.store(v.f32(0.0), v.at(own, i, F32), align=4), LANES)
                with bright:
                    _codes(encoder, a, own, top, (lit, b.mul(local, v.i64(LANES))))
            with b.if_then(lit):
                shift = b.sub(b.mul(lead, v.i64(LANES)), a["before"])
                left = codes_at(number), codes_at(b.add(number, v.i64(1))), shift
                _store(encoder, a, own, left, b.mul(local, v.i64(LANES)))

    v.loop(b.add(blocks, extra), block)


def _codes(encoder: Encoder, a: Mapping[str, Value], own: Value, top: Value, place: tuple[Value, Value]) -> None:
    """Codes [k, 16] of the rows from `top` on; sums and scales go to `place`, which says whether and where."""
    v, b = encoder.v, encoder.v.b
    largest = v.variable(VI32, v.u32(0))

    def keep(k: Value, values: Value) -> None:
        emit_largest(v, values, largest)
        b.store(values, v.at(own, b.mul(k, v.i64(LANES)), F32), align=4)

    emit_read(v, a, b.udiv(top, v.i64(LANES)), keep)
    scale, divisor = emit_scale(v, a, encoder.p, v.get(largest))
    sums = v.variable(VF32, v.f32(0.0))

    def encode(k: Value) -> None:
        address = v.at(own, b.mul(k, v.i64(LANES)), F32)
        code = encoder.code(v.load(address, VF32), divisor)
        b.store(b.fadd(v.get(sums), code), sums)
        b.store(code, address, align=4)

    v.loop(a["k"], encode)
    partners = b.and_(b.neg(a["k"]), v.i64(_TOGETHER - 1))  # of the last code
    end = v.at(own, b.mul(a["k"], v.i64(LANES)), F32)
    v.loop(partners, lambda i: b.store(v.f32(0.0), v.at(end, b.mul(i, v.i64(LANES)), F32), align=4))
    with b.if_then(place[0]):
        b.store(scale, v.at(a["scales"], place[1], F32), align=4)
        b.store(b.fdiv(v.get(sums), encoder.p["levels"]), v.at(a["code_sums"], place[1], F32), align=4)


def _store(encoder: Encoder, a: Mapping[str, Value], own: Value, left: tuple[Value, Value, Value], row: Value) -> None:
    """Codes as light. `left`: codes of the two blocks that left light over, and the lane at which they begin."""
    v, b, shape = encoder.v, encoder.v.b, encoder.shape
    lanes = v.u32(list(range(LANES)))
    split = b.sub(v.i64(LANES), left[2])
    early = b.icmp_unsigned("<", lanes, v.spread(b.trunc(split, I32)))
    late = b.not_(early)
    together = _TOGETHER if shape.biases else shape.unit_ports

    def codes(k: Value) -> tuple[Value, Value | None]:
        at = b.mul(k, v.i64(LANES))
        code = v.load(v.at(own, at, F32), VF32)
        if not shape.mixed_light:
            return code, None
        earlier = v.load_some(v.at(left[0], b.add(at, left[2]), F32), early)
        return code, v.load_some(v.at(left[1], b.sub(at, split), F32), late, earlier)

    def passes(count: int) -> None:
        lit = [light_operand(v, shape, a, v.i64(i), row) for i in range(count)]

        def group(k: Value) -> None:
            ports = [codes(b.add(k, v.i64(i))) for i in range(together)]
            for pass_, operand in enumerate(lit):
                planes = zip(*(encoder.numbers(*code, pass_) for code in ports), strict=True)
                for numbers, (address, in_bytes) in zip(planes, encoder.stored(operand), strict=True):
                    in_unit = together if in_bytes else shape.unit_ports
                    for first in range(0, together, in_unit):
                        some = numbers[first : first + in_unit]
                        made = encoder.bytes_(some) if in_bytes else encoder.unit(*some)
                        unit = b.udiv(b.add(k, v.i64(first)), v.i64(in_unit))
                        b.store(made, v.at(address, b.mul(unit, v.i64(LANES)), I32), align=4)

        v.loop(a["k"], group, together)

    with b.if_else(b.icmp_signed(">", a["lhs_passes"], v.i64(1))) as (two, one):
        with two:
            passes(2)
        with one:
            passes(1)
