"""Reader for the idx files MNIST is distributed in. Every size is checked before it is believed."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

MAX_BYTES = 1 << 28  # no array of this zoo comes near 256 MiB; larger headers are damage
_UNSIGNED_BYTE = 0x08


class DataError(Exception):
    """The data could not be used; the message is one line meant for the person at the terminal."""


def read_idx(path: Path, ndim: int) -> np.ndarray:
    """Read a gzip-compressed idx file of unsigned bytes with exactly `ndim` dimensions."""
    try:
        with gzip.open(path, "rb") as stream:
            head = _exactly(stream.read(4 + 4 * ndim), 4 + 4 * ndim, path)
            zero, kind, found = struct.unpack(">HBB", head[:4])
            if zero != 0 or kind != _UNSIGNED_BYTE or found != ndim:
                raise DataError(f"{path} is not an idx file of {ndim}-dimensional unsigned bytes")
            shape = struct.unpack(f">{ndim}I", head[4:])
            size = math.prod(shape)
            if not 0 < size <= MAX_BYTES:
                raise DataError(f"{path} announces an impossible shape {shape}")
            body = _exactly(stream.read(size + 1), size, path)
    except FileNotFoundError:
        raise DataError(f"{path} does not exist") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} could not be read as gzip: {error}") from None
    return np.frombuffer(body, dtype=np.uint8).reshape(shape)


def _exactly(data: bytes, size: int, path: Path) -> bytes:
    if len(data) < size:
        raise DataError(f"{path} is truncated: {len(data)} of {size} bytes present")
    if len(data) > size:
        raise DataError(f"{path} has bytes after the end its header announces")
    return data
