"""Reads a program file and trusts nothing in it.

Order of checks: seal and manifest (HG3001, HG3003), version (HG3002), sizes and names (HG3001), every byte outside the
payloads, every payload's hash (HG3003), the module itself and its weights (HG3001), external files (HG3004).
"""

from __future__ import annotations

import hashlib
import mmap
import os
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from heliograph.ir.bytecode import decode
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import HeliographError, error
from heliograph.ir.levels import check
from heliograph.ir.program.artifact import Program
from heliograph.ir.program.container import (
    FORMAT_VERSION,
    Member,
    Placed,
    ending,
    ending_size,
    find_seal,
    local_header,
    place,
)
from heliograph.ir.program.interface import interface_of, level_of
from heliograph.ir.program.manifest import Manifest, decode_manifest
from heliograph.ir.program.names import BYTECODE, ENTRIES, MANIFEST, PAYLOADS
from heliograph.ir.program.unpacking import bind_weights

_SEAL_SIZE = 256  # a seal is shorter than this, in every version
_MAX_MANIFEST = 256 << 20
_MAX_CODE = 1 << 30  # bytecode and text
_CHUNK = 1 << 24
_AGAIN = "copy the file again, or compile the model again"


def load_program(path: str | os.PathLike[str]) -> Program:
    """Read a ``.helio`` file; weights are mapped, not read into memory.

    Raises HeliographError HG1001 (no such file), HG3001 (not a program), HG3002 (another version), HG3003 (damaged),
    HG3004 (external weights absent or changed); nothing else, whatever the bytes are.
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise error("HG1001", f"'{file}' is a folder", remedy="name a .helio file")
        with file.open("rb") as stream:
            empty = os.fstat(stream.fileno()).st_size == 0
            data = b"" if empty else mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise error("HG1001", f"'{file}': {reason}", remedy="check the path and its permissions") from problem
    return parse_program(memoryview(data), file)


def parse_program(data: memoryview, file: Path) -> Program:
    """The program whose file holds `data`; `file` is named in errors and gives the folder of external weights."""
    try:
        manifest, placed = _read_structure(data, str(file))
        by_name = {entry.member.name: data[entry.payload : entry.end] for entry in placed}
        module = _module(bytes(by_name[BYTECODE]))
        if (level_of(module), interface_of(module)) != (manifest.level, manifest.interface):
            raise ValueError("the manifest describes another module")
        weights = bind_weights(module, manifest, data, placed[0], file)
    except HeliographError:
        raise
    except (ValueError, LookupError, TypeError, AssertionError, ArithmeticError, RecursionError, MemoryError) as bad:
        raise error("HG3001", f"'{file}' does not hold a well-formed program: {bad}", remedy=_AGAIN) from bad
    return Program(module, weights, manifest)


def _read_structure(data: memoryview, label: str) -> tuple[Manifest, tuple[Placed, ...]]:
    seal = find_seal(bytes(data[-_SEAL_SIZE:]))
    if seal is None:
        raise error("HG3001", f"'{label}' is not a Heliograph program, or is cut short", remedy=_AGAIN)
    raw = _manifest_bytes(data, seal.manifest_size, len(seal.text))
    if raw is None or not seal.matches(raw):
        raise error("HG3003", f"'{label}' is damaged: its manifest differs from its seal", remedy=_AGAIN)
    if seal.version != FORMAT_VERSION:
        message = f"'{label}' has program format {seal.version}, this Heliograph reads {FORMAT_VERSION}"
        raise error("HG3002", message, remedy="compile the model again with this version")
    manifest = decode_manifest(raw)
    if tuple(e.name for e in manifest.entries) != PAYLOADS:
        raise ValueError("entries are missing or unknown")
    if any(not 0 <= e.size <= len(data) or not 0 <= e.crc32 < 1 << 32 for e in manifest.entries):
        raise ValueError("an entry has an impossible size")
    if any(e.size > _MAX_CODE for e in manifest.entries[1:]):
        raise ValueError("an entry is too large")
    members = [Member(e.name, e.size, e.crc32) for e in manifest.entries]
    placed = place([*members, Member(MANIFEST, len(raw), zlib.crc32(raw))])
    end = ending(placed, seal.text)
    if placed[-1].end + len(end) != len(data):
        raise error("HG3001", f"'{label}' has {len(data)} bytes, its manifest says otherwise", remedy=_AGAIN)
    for part, entry in _damaged(data, manifest, placed, end):
        raise error("HG3003", f"'{label}' is damaged: {part} of {entry} differs from the manifest", remedy=_AGAIN)
    return manifest, placed


def _manifest_bytes(data: memoryview, size: int, seal_size: int) -> bytes | None:
    end = len(data) - ending_size(ENTRIES, seal_size)
    return bytes(data[end - size : end]) if 0 < size <= min(end, _MAX_MANIFEST) else None


def _damaged(data: memoryview, manifest: Manifest, placed: tuple[Placed, ...], end: bytes) -> Iterator[tuple[str, str]]:
    for entry in placed:
        if data[entry.header : entry.payload] != local_header(entry):
            yield "the header", entry.member.name
    for entry, info in zip(placed[:-1], manifest.entries, strict=True):
        digest = hashlib.sha256()
        for start, stop in pairwise((*range(entry.payload, entry.end, _CHUNK), entry.end)):
            digest.update(data[start:stop])
        if digest.hexdigest() != info.sha256:
            yield "the content", entry.member.name
    if data[placed[-1].end :] != end:
        yield "the end", "the file"


def _module(code: bytes) -> Op:
    """Decode and verify. Raises ValueError or what the decoder raises."""
    module = decode(code)
    try:
        check(module)
    except HeliographError as problem:
        raise ValueError(problem.diagnostics[0].message) from problem
    return module
