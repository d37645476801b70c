"""``--input NAME=VALUE``: from a file, a list of numbers, or JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from heliograph.cli.arrays import Array, native, read_npy
from heliograph.ir.diagnostics import error
from heliograph.ir.program import Port
from heliograph.ports import describe, dtype_of

_MAX_INLINE = 1 << 20  # characters


def read_input(port: Port | None, name: str, text: str) -> Array:
    """The array that the text stands for.

    ``@file.npy`` is read as it is; ``0.5,1`` fills the input's shape row by row; ``[[1, 2], [3, 4]]`` is JSON of that
    nesting. Numbers written inline take the input's dtype. Raises HG1001, HG1203, HG1204.
    """
    wanted = dtype_of(port) if port else None
    if text.startswith("@"):
        return native(read_npy(text[1:]), wanted)
    if len(text) > _MAX_INLINE:
        raise error("HG1304", f"input '{name}' is too long to be given inline", remedy="give a file: NAME=@file.npy")
    if text.lstrip().startswith("["):
        return _json(port, name, text, wanted)
    values = [_number(name, word) for word in text.split(",")]
    array = _cast(name, np.array(values), wanted)
    return array.reshape(_fit(port, array.size)) if port else array


def _json(port: Port | None, name: str, text: str, wanted: np.dtype[Any] | None) -> Array:
    try:
        array = np.array(json.loads(text))
    except (ValueError, RecursionError) as problem:
        raise error("HG1304", f"input '{name}' is not a JSON array: {problem}") from problem
    strings = port is not None and port.type == "tensor(string)"
    if array.dtype.kind == "U" and strings:
        return array.astype(object)
    if array.dtype.kind not in "biuf":
        raise error("HG1204", f"input '{name}': the JSON array holds something else than numbers")
    return _cast(name, array, wanted)


def _number(name: str, word: str) -> int | float:
    try:
        return int(word)
    except ValueError:
        pass
    try:
        return {"true": 1, "false": 0}[word.strip()] if word.strip() in ("true", "false") else float(word)
    except ValueError as problem:
        remedy = f"a file is named with @: --input {name}=@{word}"
        raise error("HG1304", f"input '{name}': '{word}' is not a number", remedy=remedy) from problem


def _cast(name: str, array: Array, wanted: np.dtype[Any] | None) -> Array:
    if wanted is None:
        return array
    with np.errstate(all="ignore"):
        cast = array.astype(wanted)
    exact = wanted.kind in "iub"
    if exact and not np.array_equal(cast.astype(array.dtype), array):
        raise error("HG1204", f"input '{name}' takes {wanted.name}; a given number does not fit")
    return cast


def _fit(port: Port, count: int) -> tuple[int, ...]:
    """The input's shape with sizes chosen so that `count` numbers fill it; at most one size may be open."""
    if port.shape is None:
        return (count,)
    fixed = math.prod(d for d in port.shape if isinstance(d, int))
    open_sizes = sum(not isinstance(d, int) for d in port.shape)
    if count == fixed:
        return tuple(d if isinstance(d, int) else 1 for d in port.shape)
    if open_sizes == 1 and fixed and count % fixed == 0:
        return tuple(d if isinstance(d, int) else count // fixed for d in port.shape)
    raise error("HG1203", f"{count} numbers do not fill the input {describe(port)}")
