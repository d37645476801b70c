"""Writes a program file: deterministic bytes, all or nothing."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from heliograph.ir.bytecode import encode
from heliograph.ir.program.artifact import Program
from heliograph.ir.program.atomic import atomic_file
from heliograph.ir.program.container import (
    Member,
    ending,
    local_header,
    make_seal,
    payload_offset,
    place,
)
from heliograph.ir.program.manifest import EntryInfo, encode_manifest
from heliograph.ir.program.names import BYTECODE, MANIFEST, TEXT, WEIGHTS
from heliograph.ir.program.packing import WeightPacker
from heliograph.ir.text import print_module


class _Sink:
    """Writes payloads one after the other and remembers size and checksums of each."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.entries: list[EntryInfo] = []

    @contextmanager
    def entry(self, name: str) -> Iterator[_Payload]:
        header = self._stream.tell()
        self._stream.write(bytes(payload_offset(header, name) - header))  # the header is filled in at the end
        payload = _Payload(self._stream)
        yield payload
        self.entries.append(EntryInfo(name, payload.size, payload.crc32, payload.digest.hexdigest()))

    def add(self, name: str, data: bytes) -> None:
        with self.entry(name) as payload:
            payload.write(data)

    def finish(self, seal: bytes) -> None:
        placed = place(Member(e.name, e.size, e.crc32) for e in self.entries)
        self._stream.write(ending(placed, seal))
        for entry in placed:
            self._stream.seek(entry.header)
            self._stream.write(local_header(entry))


class _Payload:
    """An entry being written."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = 0
        self.crc32 = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes | memoryview) -> None:
        self._stream.write(data)
        self.size += len(data)
        self.crc32 = zlib.crc32(data, self.crc32)
        self.digest.update(data)


def write_program(path: str | os.PathLike[str], program: Program) -> None:
    """Write `program` to `path`.

    Weights that lie in files of their own stay there and are referenced; all others are embedded. Raises
    HeliographError HG1005 when the file cannot be written and HG3004 when a weight file cannot be read; the path
    then holds what it held before.
    """
    target = Path(path)
    with atomic_file(target) as stream:
        packer = WeightPacker(program.module, program.weights, target.parent)
        sink = _Sink(stream)
        with sink.entry(WEIGHTS) as payload:
            infos = packer.write(payload.write)
        sink.add(BYTECODE, encode(program.module))
        sink.add(TEXT, print_module(program.module).encode())
        manifest = encode_manifest(
            replace(program.manifest, entries=tuple(sink.entries), files=packer.files, weights=infos)
        )
        sink.add(MANIFEST, manifest)
        sink.finish(make_seal(manifest))
