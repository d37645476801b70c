"""Weight files that stay outside the program, and how the program knows them again.

A file is known by its size and by a fingerprint: sha256 over the whole file up to 16 MiB; above that, over 256 blocks
of 4 KiB spread evenly from the first byte to the last (1 MiB read, whatever the size). That tells apart other
checkpoints, truncated downloads and edited files cheaply, so that compiling never reads 140 GB of weights; it does not
notice single changed bytes between the blocks of a large file.

A file in or below the program's folder is referenced relative to it, so that the folder can be moved; any other file
by its absolute path.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from heliograph.ir.diagnostics import error
from heliograph.ir.program.manifest import ExternalFile

WHOLE = 16 << 20
_BLOCK, _BLOCKS = 4096, 256


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        if size <= WHOLE:
            while piece := stream.read(1 << 20):
                yield piece
            return
        for i in range(_BLOCKS):
            stream.seek((size - _BLOCK) * i // (_BLOCKS - 1))
            yield stream.read(_BLOCK)


def fingerprint(path: Path) -> str:
    """Fingerprint of a file's bytes. Raises OSError when it cannot be read."""
    size = path.stat().st_size
    digest = hashlib.sha256(b"%d\n" % size)
    for piece in _pieces(path, size):
        digest.update(piece)
    return digest.hexdigest()


def reference(path: Path, folder: Path) -> ExternalFile:
    """How a program in `folder` refers to a weight file. Raises HG3004 when the file cannot be read."""
    full = path.resolve()
    try:
        stored = full.relative_to(folder.resolve()).as_posix()
    except ValueError:
        stored = full.as_posix()
    try:
        return ExternalFile(stored, full.stat().st_size, fingerprint(full))
    except OSError as problem:
        raise error("HG3004", f"weight file {path} cannot be read: {problem.strerror}") from problem


def open_external(file: ExternalFile, folder: Path) -> mmap.mmap | bytes:
    """Map a referenced file after checking that it is the same file. Raises HG3004 otherwise."""
    stored = PurePosixPath(file.path)
    if not stored.is_absolute() and ".." in stored.parts:
        raise error("HG3001", f"the program refers to '{file.path}', which leaves its folder")
    path = folder / stored
    remedy = "put the file back where it was, or compile the model again"
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise error("HG3004", f"{path} is not a file", remedy=remedy)
        if size != file.size:
            raise error("HG3004", f"weight file {path} has {size} bytes, expected {file.size}", remedy=remedy)
        if fingerprint(path) != file.fingerprint:
            raise error("HG3004", f"weight file {path} has other contents than when compiled", remedy=remedy)
        with path.open("rb") as stream:
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise error("HG3004", f"weight file {path} cannot be read: {reason}", remedy=remedy) from problem
