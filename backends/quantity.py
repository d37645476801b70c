"""A number of a target with its unit, source and status.

Units live in key names (``loss_db``, ``settle_ns``); `unit_of` reads them back, so a unit is written once only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Value = bool | int | float | str


class Status(StrEnum):
    """How far a value can be trusted."""

    PAPER = "paper"  # stated by the seed paper
    PUBLISHED = "published"  # another published source, named
    COMPUTED = "computed"  # follows from other values
    ASSUMED = "assumed"  # our choice, or the user's


# suffix of a key -> unit; the longest matching suffix wins
_UNITS = {
    "_db": "dB",
    "_dbm": "dBm",
    "_db_per_hz": "dB/Hz",
    "_db_per_km": "dB/km",
    "_ghz": "GHz",
    "_gbd": "GBd",
    "_gsps": "GS/s",
    "_gbps": "Gbit/s",
    "_gbyte_per_s": "GB/s",
    "_tera_per_s": "10^12/s",
    "_nm": "nm",
    "_nm_per_k": "nm/K",
    "_k": "K",
    "_km": "km",
    "_us_per_km": "us/km",
    "_ps_per_nm_km": "ps/(nm km)",
    "_fs": "fs",
    "_ps": "ps",
    "_ns": "ns",
    "_mw": "mW",
    "_aj": "aJ",
    "_fj": "fJ",
    "_fj_per_bit": "fJ/bit",
    "_fj_per_step": "fJ/step",
    "_pj": "pJ",
    "_pj_per_bit": "pJ/bit",
    "_pj_per_byte": "pJ/byte",
    "_a_per_w": "A/W",
    "_na": "nA",
    "_pa_per_sqrt_hz": "pA/sqrt(Hz)",
    "_bits": "bit",
    "_kib": "KiB",
    "_mib": "MiB",
    "_gib": "GiB",
}


def unit_of(key: str) -> str:
    """Unit spelled by the last part of a key such as ``ring.settle_ns``; empty when it has none."""
    name = "_" + key.rpartition(".")[2]
    fitting = [suffix for suffix in _UNITS if name.endswith(suffix)]
    return _UNITS[max(fitting, key=len)] if fitting else ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One value of a target as the file, or the user's spelling, gives it."""

    key: str
    value: Value
    unit: str
    source: str
    status: Status
