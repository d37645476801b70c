"""Target files: reading a TOML into leaves of (value, source, status), with bounds and `extends`.

What a key means and may hold is not decided here but by the family's sections (`heliograph.backends.loader`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from heliograph.backends.nearest import nearest
from heliograph.backends.quantity import Status
from heliograph.ir.diagnostics import Diagnostics, error

MAX_BYTES = 262_144  # of one target file

_HEADER = ("name", "family", "extends", "description", "unknowns")
_LEAF = ("value", "source", "status")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a file; source and status are None when the file leaves them out."""

    value: object
    source: str | None
    status: Status | None


@dataclass(slots=True)
class Document:
    """A target file after `extends`: texts of its header, and leaves by full key (``ring.settle_ns``)."""

    header: dict[str, str] = field(default_factory=dict)
    leaves: dict[str, Leaf] = field(default_factory=dict)


def target_names() -> tuple[str, ...]:
    """Names of the targets that come with Heliograph, sorted."""
    found = files("heliograph.backends").joinpath("targets").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in found if f.name.endswith(".toml")))


def read(base: str, problems: Diagnostics) -> Document:
    """Read the target file named `base` (a name, or a path that ends in .toml).

    Raises HG4001 when there is none, HG4002 for duplicate keys, HG4007 when it is no TOML or too large.
    Problems inside the file are reported to `problems`.
    """
    raw = _toml(base)
    document = Document()
    header = raw.pop("target", None)
    if not isinstance(header, dict):
        problems.report("HG4003", f"{base}: table [target] with name, family and description is missing")
        header = {}
    parent = header.get("extends")
    if isinstance(parent, str):
        if parent not in target_names():
            problems.report("HG4001", f"{base}: extends '{parent}'", remedy=_known(parent))
        else:
            document = read(parent, problems)
    _read_header(base, header, document, problems)
    for section, table in raw.items():
        if not isinstance(table, dict):
            problems.report("HG4002", f"{base}: '{section}' stands outside a section")
            continue
        for key, leaf in table.items():
            document.leaves[f"{section}.{key}"] = _leaf(base, f"{section}.{key}", leaf, problems)
    return document


def _toml(base: str) -> dict[str, Any]:
    if base.endswith(".toml"):
        data = _bytes_of(base)
    elif base in target_names():
        data = files("heliograph.backends").joinpath("targets", f"{base}.toml").read_bytes()
    else:
        raise error("HG4001", f"no target '{base}'", remedy=_known(base))
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as cause:  # TOMLDecodeError, UnicodeDecodeError, overlong integers
        text = str(cause)
        duplicate = "overwrite" in text or "twice" in text
        code = "HG4002" if duplicate else "HG4007"
        raise error(code, f"{base}: {'key given twice' if duplicate else 'no valid TOML'}: {text}") from cause


def _bytes_of(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as cause:
        raise error("HG4001", f"target file '{path}' cannot be read: {cause}") from cause
    if len(data) > MAX_BYTES:
        raise error("HG4007", f"target file '{path}' is larger than {MAX_BYTES} bytes")
    return data


def _known(name: str) -> str:
    near = nearest(name, target_names())
    return f"did you mean '{near}'?" if near else f"known targets: {', '.join(target_names())}"


def _read_header(base: str, header: dict[str, Any], document: Document, problems: Diagnostics) -> None:
    for key, value in header.items():
        if key not in _HEADER:
            near = nearest(key, _HEADER)
            problems.report("HG4002", f"{base}: unknown key 'target.{key}'", remedy=f"nearest: target.{near}")
        elif not isinstance(value, str):
            problems.report("HG4003", f"{base}: target.{key} must be a text")
        elif key != "extends":
            document.header[key] = value
    for key in ("name", "family", "description", "unknowns"):
        if not document.header.get(key):
            problems.report("HG4003", f"{base}: target.{key} is missing")
            document.header[key] = ""


def _leaf(base: str, key: str, raw: object, problems: Diagnostics) -> Leaf:
    if not isinstance(raw, dict):
        return Leaf(raw, None, None)
    for name in raw:
        if name not in _LEAF:
            near = nearest(name, _LEAF)
            problems.report("HG4002", f"{base}: unknown key '{name}' in {key}", remedy=f"nearest: {near}")
    source, status = raw.get("source"), raw.get("status")
    if status is not None and status not in tuple(Status):
        problems.report("HG4004", f"{base}: {key}: status {status!r} is none of {', '.join(Status)}")
        status = None if not isinstance(status, str) else Status.ASSUMED
    text = source if isinstance(source, str) and source.strip() else None
    return Leaf(raw.get("value"), text, Status(status) if status is not None else None)
