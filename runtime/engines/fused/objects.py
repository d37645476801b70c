"""Compiled kernels on disk: a bounded folder that may be deleted, damaged or read-only at any time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

_DIGEST = 32  # bytes before the object code, of the object code
_SUFFIX = ".helio-kernel"


@dataclass(frozen=True)
class ObjectCache:
    """Object code by key; the entries used longest ago go first once there are more than `limit_bytes`.

    Nothing here raises: what cannot be read is compiled again, what cannot be written is not kept.
    """

    folder: Path
    limit_bytes: int = 32 << 20

    def load(self, key: str) -> bytes | None:
        """The object code under a key, if it is there and whole."""
        path = self.folder / (key + _SUFFIX)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        code = data[_DIGEST:]
        if not code or hashlib.blake2b(code, digest_size=_DIGEST).digest() != data[:_DIGEST]:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return code

    def store(self, key: str, code: bytes) -> None:
        """Keep object code: a temporary file, then a rename."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(hashlib.blake2b(code, digest_size=_DIGEST).digest() + code)
                os.replace(name, self.folder / (key + _SUFFIX))
            except OSError:
                os.unlink(name)
                raise
            self._trim()

    def _trim(self) -> None:
        entries = sorted(((p.stat(), p) for p in self.folder.glob("*" + _SUFFIX)), key=lambda e: -e[0].st_mtime_ns)
        total = 0
        for stat, path in entries:
            total += stat.st_size
            if total > self.limit_bytes:
                path.unlink(missing_ok=True)
