"""Reads a module from bytes that may be cut short, damaged or made to harm."""

from __future__ import annotations

import struct
import zlib

import msgspec

from heliograph.ir.bytecode.entries import Damaged, Entries
from heliograph.ir.bytecode.layout import HEADER, MAGIC, MAX_BYTES, VERSION
from heliograph.ir.core import Block, Op, Region, Value
from heliograph.ir.diagnostics import HeliographError, error
from heliograph.ir.text.limits import MAX_NESTING

_STRINGS = msgspec.msgpack.Decoder(list[bytes])
_STREAM = msgspec.msgpack.Decoder(list[int])
_FAILURES = (
    msgspec.MsgspecError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    MemoryError,
)
_ARRAY_HEADERS = {0xDC: ">H", 0xDD: ">I"}


def decode(data: bytes) -> Op:
    """The module in the bytes.

    Raises HeliographError: HG3001 for bytes that hold no module, HG3002 for those of another version.
    """
    try:
        return _decode(data)
    except Damaged as problem:
        raise _refused(str(problem)) from None
    except _FAILURES as problem:
        raise _refused(f"{type(problem).__name__} at decoding") from problem


def _refused(why: str) -> HeliographError:
    return error("HG3001", f"the IR in the file cannot be read: {why}", remedy="compile the model again")


def _decode(data: bytes) -> Op:
    if len(data) < HEADER.size or data[:4] != MAGIC:
        raise Damaged("it does not begin as IR bytecode does")
    if len(data) > MAX_BYTES:
        raise Damaged(f"{len(data)} bytes, the limit is {MAX_BYTES}")
    _, version, checksum, *lengths = HEADER.unpack_from(data)
    if version != VERSION:
        raise error("HG3002", f"IR bytecode of version {version}, this is {VERSION}", remedy="compile the model again")
    body = data[HEADER.size :]
    if sum(lengths) != len(body):
        raise Damaged(f"{len(body)} bytes where the header says {sum(lengths)}")
    if zlib.crc32(struct.pack("<HIII", version, *lengths) + body) != checksum:
        raise Damaged("the checksum differs")
    first, second = lengths[0], lengths[0] + lengths[1]
    strings, floats, stream = body[:first], body[first:second], body[second:]
    for section in (strings, stream):
        _bounded(section)
    if len(floats) % 8:
        raise Damaged("the floats are cut short")
    texts = [s.decode("utf-8", "surrogateescape") for s in _STRINGS.decode(strings)]
    doubles = list(struct.unpack(f"<{len(floats) // 8}d", floats))
    reader = Entries(_STREAM.decode(stream), texts, doubles)
    reader.read_table()
    ops = _Ops(reader)
    module = ops.op(0)
    if reader.at != len(reader.stream):
        raise Damaged("something follows the module")
    return module


def _bounded(section: bytes) -> None:
    """Refuse an array that claims more elements than it has bytes, before memory for them is taken."""
    form = _ARRAY_HEADERS.get(section[0] if section else 0)
    size = struct.calcsize(form) if form else 0
    if len(section) < 1 + size or (form and struct.unpack_from(form, section, 1)[0] > len(section)):
        raise Damaged("an array is longer than its bytes")


class _Ops:
    def __init__(self, reader: Entries) -> None:
        self._reader = reader
        self._values: list[Value] = []

    def op(self, depth: int) -> Op:
        if depth > MAX_NESTING:
            raise Damaged(f"regions are nested more than {MAX_NESTING} deep")
        reader, values = self._reader, self._values
        op = Op(reader.string(), loc=reader.string())
        numbers = reader.take(reader.number())
        if numbers:
            if min(numbers) < 0:
                raise Damaged("a value has a negative number")
            op.operands = [values[n] for n in numbers]
        for _ in range(reader.number()):
            key = reader.string()
            if key in op.attributes:
                raise Damaged(f"attribute '{key}' occurs twice")
            op.attributes[key] = reader.attribute()
        for _ in range(reader.number()):
            region = Region()
            op.regions.append(region)
            for _ in range(reader.number()):
                block = Block(self._define())
                region.blocks.append(block)
                block.ops = [self.op(depth + 1) for _ in range(reader.number())]
        op.results = self._define()
        return op

    def _define(self) -> list[Value]:
        reader = self._reader
        made = [Value(reader.type(), reader.string()) for _ in range(reader.number())]
        self._values += made
        return made
