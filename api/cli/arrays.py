"""Reads .npy and .npz files that may be broken or hostile: no pickle, no allocation beyond the file's own size."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from heliograph.ir.diagnostics import error
from heliograph.ir.program.atomic import write_atomically

Array = np.ndarray[Any, Any]
_MAX_MEMBERS = 10_000
_MAX_BYTES = 4 << 30  # of all arrays in one .npz
_REMEDY = "write it with numpy.save or numpy.savez"


def read_npy(path: str) -> Array:
    """The array in a .npy file. Raises HG1001 when the file is absent or is not a plain array."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            return _read(stream, file.stat().st_size)
    except OSError as problem:
        raise _unreadable(path, problem.strerror or str(problem)) from problem
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as problem:
        raise _unreadable(path, f"not a .npy array ({_short(problem)})") from problem


def read_npz(path: str) -> dict[str, Array]:
    """All arrays of a .npz file. Raises HG1001 when the file is absent or holds anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > _MAX_MEMBERS or sum(m.file_size for m in members) > _MAX_BYTES:
                raise ValueError("too many or too large arrays")
            found = {}
            for member in members:
                with archive.open(member) as stream:
                    found[member.filename.removesuffix(".npy")] = _read(stream, member.file_size)
            return found
    except OSError as problem:
        raise _unreadable(path, problem.strerror or str(problem)) from problem
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as problem:
        raise _unreadable(path, f"not a .npz file ({_short(problem)})") from problem
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, RuntimeError) as problem:
        raise _unreadable(path, f"not a .npz of arrays ({_short(problem)})") from problem


def write_npy(path: str, array: Array) -> None:
    """Write a .npy file whole or not at all. Raises HG1005."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    write_atomically(path, buffer.getvalue())


def _read(stream: IO[bytes], size: int) -> Array:
    major, _ = npy.read_magic(stream)
    header = {1: npy.read_array_header_1_0, 2: npy.read_array_header_2_0}.get(major)
    if header is None:
        raise ValueError(f"format version {major}")
    shape, fortran, dtype = header(stream)
    if dtype.hasobject:
        raise ValueError("holds Python objects")
    if any(d < 0 for d in shape):
        raise ValueError("negative size")
    count = math.prod(shape)
    if count * dtype.itemsize != size - stream.tell():
        raise ValueError(f"header announces {count * dtype.itemsize} bytes, {size - stream.tell()} follow")
    data = stream.read(count * dtype.itemsize)
    array = np.frombuffer(data, dtype, count) if count else np.empty(0, dtype)
    return array.reshape(shape, order="F" if fortran else "C")


def native(array: Array, wanted: np.dtype[Any] | None) -> Array:
    """The array in native byte order; raw records become the ML dtype (bfloat16, ...) that .npy cannot name."""
    if wanted is not None and array.dtype.kind == "V" and array.dtype.itemsize == wanted.itemsize:
        return np.ascontiguousarray(array).view(wanted)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def summary(name: str, array: Array) -> str:
    """One line about an array."""
    head = f"{name}: {array.dtype} {list(array.shape)}"
    if not array.size or array.dtype.kind not in "biuf":
        return head
    values = array.astype(np.float64, copy=False)
    first = ", ".join(f"{v:.6g}" for v in values.reshape(-1)[:4])
    dots = ", ..." if array.size > 4 else ""
    return f"{head}  min {values.min():.6g}  mean {values.mean():.6g}  max {values.max():.6g}  [{first}{dots}]"


def compare(found: Array, wanted: Array, rtol: float, atol: float) -> str | None:
    """Why two arrays differ, or None when every element agrees: ``|found - wanted| <= atol + rtol |wanted|``."""
    if found.shape != wanted.shape:
        return f"shape {list(found.shape)}, expected {list(wanted.shape)}"
    if found.dtype.kind not in "biufc" or wanted.dtype.kind not in "biufc":
        return None if np.array_equal(found, wanted) else "the values differ"
    a, b = (
        x.astype(np.complex128 if "c" in found.dtype.kind + wanted.dtype.kind else np.float64) for x in (found, wanted)
    )
    same = np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
    if same.all():
        return None
    gap = np.where(same, 0.0, np.abs(a - b))
    gap = np.where(np.isnan(gap), np.inf, gap)
    worst = np.unravel_index(int(np.argmax(gap)), gap.shape)
    where = [int(i) for i in worst]
    return (
        f"{int((~same).sum())} of {same.size} elements differ by more than rtol {rtol:g}, atol {atol:g};"
        f" the worst at {where}: {a[worst]:.6g}, expected {b[worst]:.6g}"
    )


def binding(text: str, option: str) -> tuple[str, str]:
    """Split ``name=value``. Raises HG1304 when there is no name or no value."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise error("HG1304", f"{option} '{text}' is not of the form NAME=VALUE")
    return name, value


def bindings(texts: tuple[str, ...], option: str) -> Mapping[str, str]:
    """Split several ``name=value``; a name may occur once."""
    found: dict[str, str] = {}
    for text in texts:
        name, value = binding(text, option)
        if name in found:
            raise error("HG1304", f"{option} gives '{name}' twice")
        found[name] = value
    return found


def _unreadable(path: str, reason: str) -> Exception:
    return error("HG1001", f"'{path}': {reason}", remedy=_REMEDY)


def _short(problem: BaseException) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0][:160]
