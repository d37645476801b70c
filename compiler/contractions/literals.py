"""Constant numbers as the hex text of their little-endian bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from heliograph.compiler.contractions.stays import StaysElectronic

_FORMATS = {"f64": "d", "f32": "f", "f16": "e", "i64": "q", "i32": "i", "i16": "h", "i8": "b", "ui8": "B", "i1": "?"}


def pack(values: Iterable[float], element: str) -> str:
    """Little-endian bytes of numbers as hex. Raises StaysElectronic for element types that are not packed here."""
    if element == "bf16":  # the upper half of a float32, rounded to the nearest even
        words = [int.from_bytes(struct.pack("<f", v), "little") for v in values]
        return b"".join(((w + 0x7FFF + (w >> 16 & 1)) >> 16).to_bytes(2, "little") for w in words).hex()
    if element not in _FORMATS:
        raise StaysElectronic("HG2007", f"constants of type {element}")
    whole = element[0] != "f"
    return b"".join(struct.pack(f"<{_FORMATS[element]}", int(v) if whole else v) for v in values).hex()
