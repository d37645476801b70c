"""The spelling of a target: ``NAME``, ``NAME{section.key=value,...}``, or a path to a ``.toml`` in place of NAME.

The same form as a pass and its options. `parse` reads it, `canonical` prints it; the canonical form holds only
overrides that differ from the file, sorted by key, so equal targets of one file have equal spellings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from heliograph.backends.quantity import Value
from heliograph.ir.diagnostics import error

MAX_LENGTH = 65_536  # characters of one spelling

_WORD = re.compile(r"[A-Za-z][\w-]*\Z")
_KEY = re.compile(r"[A-Za-z_][\w.]*\Z")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A parsed spelling: the base name or path, and overrides in the order given (repeats kept)."""

    base: str
    overrides: tuple[tuple[str, Value], ...]


def parse(text: str) -> Spelling:
    """Split a spelling into base and overrides.

    Raises `HeliographError` HG4001 for a base that is missing or brackets that do not close, HG4002 for an
    override without a key, HG4003 for one without a readable value.
    """
    if len(text) > MAX_LENGTH:
        raise error("HG4001", f"the target spelling is {len(text)} characters long (limit {MAX_LENGTH})")
    text = text.strip()
    if not text.endswith("}"):
        if "{" in text:
            raise error("HG4001", f"'{text}' opens a brace and does not close it", remedy="end it with '}'")
        return Spelling(_base(text, text), ())
    base, brace, inside = text[:-1].partition("{")
    if not brace:
        raise error("HG4001", f"'{text}' closes a brace it did not open", remedy="spell NAME{key=value,...}")
    parts = [part.strip() for part in inside.split(",")] if inside.strip() else []
    return Spelling(_base(base.strip(), text), tuple(_override(part) for part in parts))


def _base(base: str, text: str) -> str:
    if not base:
        raise error("HG4001", f"'{text}' names no target", remedy="`heliograph targets` lists them")
    return base


def _override(part: str) -> tuple[str, Value]:
    key, equals, raw = (piece.strip() for piece in part.partition("="))
    if not equals or not _KEY.match(key):
        raise error("HG4002", f"'{part}' is not of the form section.key=value")
    return key, _literal(key, raw)


def _literal(key: str, raw: str) -> Value:
    if raw in ("true", "false"):
        return raw == "true"
    for reading in (int, float):
        try:
            return reading(raw)
        except ValueError:
            continue
    if len(raw) >= 2 and raw[0] == raw[-1] == '"':
        return raw[1:-1]
    if _WORD.match(raw):
        return raw
    raise error("HG4003", f"{key}: '{raw}' is no number, word, true or false")


def spell_value(value: Value) -> str:
    """A value as `parse` reads it back, exactly."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def canonical(base: str, overrides: Mapping[str, Value]) -> str:
    """The canonical spelling of a base with overrides (already reduced to those that differ)."""
    if not overrides:
        return base
    inside = ",".join(f"{key}={spell_value(overrides[key])}" for key in sorted(overrides))
    return f"{base}{{{inside}}}"
