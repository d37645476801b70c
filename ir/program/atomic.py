"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from heliograph.ir.diagnostics import error


@contextmanager
def atomic_file(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A stream whose contents appear under `path` when the block ends well; otherwise nothing is left behind.

    The bytes go to a temporary file in the same folder, reach the disk, and are then renamed. Raises
    HeliographError HG1005 on any failure of the file system.
    """
    target = Path(path)
    temporary = target.parent / f".heliograph-{secrets.token_hex(6)}.part"
    try:
        handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        remedy = "choose a folder that exists and may be written"
        raise error("HG1005", f"'{target}': {reason}", remedy=remedy) from problem
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a whole file, or leave the path as it was. Raises HeliographError HG1005."""
    with atomic_file(path) as stream:
        stream.write(data)
