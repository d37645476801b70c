"""Normal numbers in registers: what `heliograph.runtime.engines.stream` defines, emitted."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from heliograph.runtime.engines import stream
from heliograph.runtime.engines.fused.lanes import I32, LANES, VF32, VI32, Lanes, Value


def hashed_words(v: Lanes, key: Value, row: Value, block: Value) -> list[Value]:
    """Four 32-bit words of a row and a block of 16 columns; vectors where all three arguments are vectors of 16."""
    b = v.b
    position = b.or_(b.shl(row, v.alike(row, 32)), block)
    first = _mix64(v, b.add(b.mul(position, v.alike(row, stream.GOLDEN)), key))
    second = _mix64(v, b.add(first, v.alike(row, stream.GOLDEN)))
    kind = VI32 if isinstance(row.type, ir.VectorType) else I32
    return [b.trunc(w, kind) for half in (first, second) for w in (half, b.lshr(half, v.alike(half, 32)))]


def column_lanes(v: Lanes) -> Value:
    """What tells the 16 columns of a block apart, where they lie in the lanes."""
    return v.u32([lane * stream.LANE_STEP for lane in range(LANES)])


def column_lane(v: Lanes, column: Value) -> Value:
    """What tells one column of a block apart, where the lanes are rows."""
    return v.spread(v.b.mul(v.b.trunc(column, I32), I32(stream.LANE_STEP)))


def seeded(v: Lanes, words: Sequence[Value], lanes: Value) -> list[Value]:
    """The four state words of the streams in the lanes."""
    return [_mix32(v, v.b.add(word, lanes)) for word in words]


def emit_normal(v: Lanes, state: list[Value]) -> Value:
    """The next standard normal number of each lane."""
    b = v.b
    bits = _step(v, state)
    f = b.sitofp(b.and_(bits, v.u32(stream.MAGNITUDE)), VF32)
    exponent = b.lshr(b.bitcast(f, VI32), v.u32(23))
    c0, c1, c2, c3 = v.look_up([list(map(float, row)) for row in stream.CUBICS], exponent, stream.FIRST_EXPONENT)
    z = v.fma(v.fma(v.fma(c3, f, c2), f, c1), f, c0)
    sign = b.and_(bits, v.u32(0x80000000))
    return b.bitcast(b.xor(b.bitcast(z, VI32), sign), VF32)


def _step(v: Lanes, state: list[Value]) -> Value:
    b = v.b
    s0, s1, s2, s3 = (v.get(s) for s in state)
    result = b.add(s0, s3)
    changed = (
        v.xor3(s0, s3, s1),
        v.xor3(s1, s2, s0),
        v.xor3(s2, s0, b.shl(s1, v.u32(9))),
        v.rotate(b.xor(s3, s1), 11),
    )
    for slot, value in zip(state, changed, strict=True):
        b.store(value, slot)
    return result


def _mix64(v: Lanes, x: Value) -> Value:
    b = v.b
    for shift, factor in zip((30, 27), stream.MIX64, strict=True):
        x = b.mul(b.xor(x, b.lshr(x, v.alike(x, shift))), v.alike(x, factor))
    return b.xor(x, b.lshr(x, v.alike(x, 31)))


def _mix32(v: Lanes, x: Value) -> Value:
    b = v.b
    for shift, factor in zip((16, 13), stream.MIX32, strict=True):
        x = b.mul(b.xor(x, b.lshr(x, v.u32(shift))), v.u32(factor))
    return b.xor(x, b.lshr(x, v.u32(16)))
