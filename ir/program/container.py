"""The zip container of a program: stored entries, aligned payloads, one canonical byte sequence.

The writer has no choices: names, sizes and checksums decide every byte outside the payloads. So the reader does not
parse zip structures, it computes what they must be and compares. That leaves no room for path escapes, zip bombs or
unnoticed damage, and any zip tool can still open the file. Sizes use the zip64 fields throughout.

The archive comment is the seal: ``heliograph.program/VERSION manifest=SIZE sha256=HASH``, where the hash is taken over
``heliograph.program/VERSION``, a newline, and the manifest. This line is the only part that other versions share.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

FORMAT_VERSION = 1
ALIGNMENT = 64

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4sHHHHIIH")
_NEEDS, _MADE_BY, _DATE = 45, 3 << 8 | 45, 1 << 5 | 1  # zip64; Unix; 1 January 1980
_MODE = 0o100644 << 16
_WIDE = 0xFFFFFFFF
_PADDING_ID = 0xD935  # the extra field that Android's zipalign uses

_SEAL = re.compile(rb"heliograph\.program/(\d{1,4}) manifest=(\d{12}) sha256=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Member:
    """An entry: its name, size and checksum."""

    name: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entry's header and payload lie in the file."""

    member: Member
    header: int
    payload: int

    @property
    def end(self) -> int:
        """One past the last byte of the payload."""
        return self.payload + self.member.size


def payload_offset(header: int, name: str) -> int:
    """Where the payload of an entry starts whose header starts at `header`."""
    shortest = header + _LOCAL.size + len(name) + 20 + 4
    return -(-shortest // ALIGNMENT) * ALIGNMENT


def place(members: Iterable[Member]) -> tuple[Placed, ...]:
    """Lay entries out one after the other."""
    placed: list[Placed] = []
    for member in members:
        header = placed[-1].end if placed else 0
        placed.append(Placed(member, header, payload_offset(header, member.name)))
    return tuple(placed)


def local_header(entry: Placed) -> bytes:
    """The bytes between an entry's header offset and its payload."""
    member = entry.member
    padding = entry.payload - entry.header - _LOCAL.size - len(member.name) - 20 - 4
    extra = struct.pack("<HHQQ", 1, 16, member.size, member.size) + struct.pack("<HH", _PADDING_ID, padding)
    extra += bytes(padding)
    start = _LOCAL.pack(b"PK\3\4", _NEEDS, 0, 0, 0, _DATE, member.crc32, _WIDE, _WIDE, len(member.name), len(extra))
    return start + member.name.encode("ascii") + extra


def ending(placed: tuple[Placed, ...], seal: bytes) -> bytes:
    """Everything after the last payload: central directory, end records, seal."""
    directory = b""
    for entry in placed:
        member = entry.member
        extra = struct.pack("<HHQQQ", 1, 24, member.size, member.size, entry.header)
        directory += _CENTRAL.pack(
            *(b"PK\1\2", _MADE_BY, _NEEDS, 0, 0, 0, _DATE, member.crc32, _WIDE, _WIDE),
            *(len(member.name), len(extra), 0, 0, 0, _MODE, _WIDE),
        )
        directory += member.name.encode("ascii") + extra
    start = placed[-1].end
    end64 = start + len(directory)
    count = len(placed)
    return (
        directory
        + _END64.pack(b"PK\6\6", _END64.size - 12, _MADE_BY, _NEEDS, 0, 0, count, count, len(directory), start)
        + _LOCATOR.pack(b"PK\6\7", 0, end64, 1)
        + _END.pack(b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, _WIDE, _WIDE, len(seal))
        + seal
    )


def ending_size(names: Iterable[str], seal_size: int) -> int:
    """Length of `ending` for entries of these names."""
    return sum(_CENTRAL.size + len(n) + 28 for n in names) + _END64.size + _LOCATOR.size + _END.size + seal_size


def make_seal(manifest: bytes, version: int = FORMAT_VERSION) -> bytes:
    """The archive comment for a manifest."""
    start = b"heliograph.program/%d" % version
    digest = hashlib.sha256(start + b"\n" + manifest).hexdigest()
    return start + b" manifest=%012d sha256=%s" % (len(manifest), digest.encode())


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as read; `matches` says whether it fits the manifest."""

    text: bytes
    version: int
    manifest_size: int

    def matches(self, manifest: bytes) -> bool:
        """Whether the manifest is the one that was sealed."""
        return self.text == make_seal(manifest, self.version)


def find_seal(tail: bytes) -> Seal | None:
    """The seal at the very end of `tail`, or None."""
    at = tail.rfind(b"heliograph.program/")
    found = _SEAL.fullmatch(tail, at) if at >= 0 else None
    return Seal(found[0], int(found[1]), int(found[2])) if found else None
