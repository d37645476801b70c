"""Bytes that are cut short, damaged or made to harm are refused with a code, never with another exception."""

import random
import struct
import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliograph.ir.bytecode import decode, encode
from heliograph.ir.bytecode.layout import HEADER, MAGIC, VERSION, Tag
from heliograph.ir.core import Block, DialectType, Op, Region, ScalarType, SymExpr, Value, sym
from heliograph.ir.diagnostics import HeliographError
from heliograph.ir.levels import LEVELS, verify
from heliograph.ir.text import parse_module

SAMPLE = encode(parse_module((Path(__file__).parent / "text" / "attributes.mlir").read_text("utf-8")))


def refusal(data: bytes) -> set[str]:
    """Codes with which bytes are refused; empty when they decode. Any other exception fails the test."""
    try:
        decode(data)
    except HeliographError as problem:
        return {d.code for d in problem.diagnostics}
    return set()


def refused(data: bytes) -> bool:
    """True when the bytes are refused as they should be."""
    codes = refusal(data)
    assert codes <= {"HG3001", "HG3002"}
    return bool(codes)


def sealed(strings: bytes, floats: bytes, stream: bytes) -> bytes:
    """Sections under a header with the right checksum."""
    lengths = (len(strings), len(floats), len(stream))
    body = strings + floats + stream
    checksum = zlib.crc32(struct.pack("<HIII", VERSION, *lengths) + body)
    return HEADER.pack(MAGIC, VERSION, checksum, *lengths) + body


def sections(data: bytes) -> list[bytes]:
    *_, first, second, third = HEADER.unpack_from(data)
    body = data[HEADER.size :]
    return [body[:first], body[first : first + second], body[-third:]]


def stream_of(*numbers: int, strings: tuple[bytes, ...] = (b"", b"x", b"f32")) -> bytes:
    return sealed(msgspec.msgpack.encode(list(strings)), b"", msgspec.msgpack.encode(list(numbers)))


def test_every_flipped_byte_is_noticed() -> None:
    for at in range(len(SAMPLE)):
        changed = bytearray(SAMPLE)
        changed[at] ^= 0x41
        assert refused(bytes(changed)), at


def test_every_truncation_is_noticed() -> None:
    for length in range(len(SAMPLE)):
        assert refused(SAMPLE[:length]), length
    assert refused(SAMPLE + b"\0")


@pytest.mark.parametrize("level", LEVELS)
def test_the_verifier_has_an_answer_for_what_decodes(level: str) -> None:
    rng = random.Random(11)
    data = encode(parse_module((Path(__file__).parent / "text" / f"{level}.mlir").read_text("utf-8")))
    decoded = 0
    for _ in range(300):
        changed = [bytearray(s) for s in sections(data)]
        part = rng.choice((0, 2, 2, 2))
        at = rng.randrange(len(changed[part]))
        changed[part][at] = rng.choice((changed[part][at] ^ 1, rng.randrange(128)))
        sealed_again = sealed(*(bytes(s) for s in changed))
        if not refused(sealed_again):
            decoded += 1
            assert {d.code for d in verify(decode(sealed_again))} <= {"HG1102", "HG1103"}
    assert decoded > 20


def test_changed_sections_under_a_right_checksum() -> None:
    rng = random.Random(7)
    for part in range(3):
        for at in range(len(sections(SAMPLE)[part])):
            changed = [bytearray(s) for s in sections(SAMPLE)]
            changed[part][at] = rng.randrange(256)
            data = sealed(*(bytes(s) for s in changed))
            assert refusal(data) <= {"HG3001"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-3, 20) | st.integers(-(2**63), 2**63 - 1), max_size=40))
def test_any_stream(numbers: list[int]) -> None:
    refused(stream_of(*numbers))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert refused(data)
    assert refused(MAGIC + data)


def test_a_claimed_length_takes_no_memory() -> None:
    huge = b"\xdd\xff\xff\xff\xff"
    assert refused(sealed(huge, b"", b"\x90"))
    assert refused(sealed(b"\x90", b"", huge))
    assert refused(sealed(b"\x90", b"1234567", b"\x90"))
    assert refused(sealed(b"", b"", b""))


def test_sharing_does_not_hide_an_explosion() -> None:
    entries = [Tag.TUPLE, 0]
    for i in range(50):
        entries += [Tag.TUPLE, 2, i, i]
    assert refused(stream_of(51, *entries))


def test_a_value_must_be_defined_before() -> None:
    table = (1, Tag.SCALAR, 2)
    assert not refused(stream_of(*table, 1, 0, 0, 0, 0, 1, 0, 0))  # one op with one result
    assert refused(stream_of(*table, 1, 0, 1, 0, 0, 0, 1, 0, 0))  # ... that uses its own result
    assert refused(stream_of(*table, 1, 0, 1, -1, 0, 0, 1, 0, 0))


def test_another_version() -> None:
    changed = bytearray(SAMPLE)
    changed[4] = VERSION + 1
    with pytest.raises(HeliographError) as caught:
        decode(bytes(changed))
    assert caught.value.diagnostics[0].code == "HG3002"


def test_deep_nesting_is_refused_when_written() -> None:
    op = Op("a.b")
    for _ in range(200):
        op = Op("a.b", regions=[Region([Block([], [op])])])
    with pytest.raises(HeliographError, match="nested"):
        encode(op)
    kind = DialectType("a.b")
    for _ in range(200):
        kind = DialectType("a.b", (kind,))
    with pytest.raises(HeliographError, match="nested"):
        encode(Op("a.b", [], [kind]))


def test_an_operand_from_nowhere_is_refused_when_written() -> None:
    with pytest.raises(HeliographError, match="HG1103"):
        encode(Op("a.b", [Value(ScalarType("f32"))]))


def test_equal_things_are_stored_once() -> None:
    one = Op("a.b", [], [ScalarType("f32")], {"k": ("same", 1.5)}, loc="here")
    many = Op("m.m", regions=[Region([Block([], [one.clone({}) for _ in range(100)])])])
    assert len(encode(many)) < 100 * 20


def held(*expressions: SymExpr) -> Op:
    """A module that holds expressions."""
    body = Region([Block([], [Op("a.b", attributes={"x": e}) for e in expressions])])
    return Op("builtin.module", regions=[body])


def test_long_expressions_are_stored_as_what_changes() -> None:
    times, now = [], sym(0)
    for i in range(200):
        now = now + sym(f"size{i}") * (i + 1) + sym("batch").ceildiv(i + 2)
        times.append(now)
    times += [now * now.terms[0][1], now.max(times[150] + 7), (now.ceildiv(3) * sym("batch")) * 5, now]
    data = encode(held(*times))
    assert [op.attributes["x"] for op in decode(data).body.ops] == times
    assert len(data) < sum(len(str(t)) for t in times) / 20


def test_expressions_made_to_harm() -> None:
    a, b, c = (b"a", b"b + 1", b"max")
    strings = (b"", a, b, c)
    table = [Tag.EXPR, 1, Tag.EXPR, 2, Tag.INT, 5]
    assert refused(stream_of(4, *table, Tag.PRODUCT, 0, 1, strings=strings))  # of a sum
    assert refused(stream_of(4, *table, Tag.SUM, 0, 2, strings=strings))  # of a number
    assert refused(stream_of(4, *table, Tag.APPLY, 1, 0, 1, strings=strings))  # of no function
    assert refused(stream_of(4, *table, Tag.SUM, 0, 9, strings=strings))  # of what comes later
    doubled = [n for i in range(200) for n in (Tag.APPLY, 3, i + 2, i + 2)]
    assert refused(stream_of(203, *table, *doubled, strings=strings))
    sums = [n for i in range(60) for n in (Tag.SUM, i + 2, i + 2)]
    assert refused(stream_of(63, *table, *sums, strings=strings))
