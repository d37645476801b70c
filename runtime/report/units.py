"""Numbers as people read them."""

from __future__ import annotations

import math

_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))
_SMALL = ((1.0, ""), (1e-3, "m"), (1e-6, "u"), (1e-9, "n"), (1e-12, "p"), (1e-15, "f"), (1e-18, "a"))


def finite(value: float) -> float | None:
    """The value, or None when it is infinite or no number (JSON has neither)."""
    return value if math.isfinite(value) else None


def three(value: float) -> str:
    """At least three digits, thousands separated: 0.0123, 1.23, 12.3, 123, 12,345."""
    if value == 0:
        return "0"
    exponent = int(f"{abs(value):.2e}".partition("e")[2])  # after rounding: 0.9996 is 1.00
    return f"{value:,.{min(max(0, 2 - exponent), 12)}f}"


def scaled(value: float, unit: str) -> str:
    """A physical quantity with a prefix that leaves 1 to 999 before the point: 12.3 uJ."""
    if value == 0:
        return f"0 {unit}"
    for factor, prefix in _SMALL:
        if abs(value) >= 0.9995 * factor:
            return f"{three(value / factor)} {prefix}{unit}"
    return f"{value:.3g} {unit}"


def joule(value: float) -> str:
    """An energy."""
    return scaled(value, "J")


def watt(milliwatt: float) -> str:
    """A power given in mW."""
    return scaled(milliwatt * 1e-3, "W")


def seconds(picoseconds: float) -> str:
    """A time given in ps."""
    return scaled(picoseconds * 1e-12, "s")


def count(value: float) -> str:
    """A count: exact to five digits, then with a prefix: 9,408 or 1.61 M."""
    if abs(value) < 100_000:
        return f"{value:,}"
    factor, prefix = next(p for p in _PREFIXES if abs(value) >= 0.9995 * p[0])
    return f"{three(value / factor)} {prefix}"


def size(nbytes: int) -> str:
    """A size in bytes: 9,408 B or 1.61 MB."""
    text = count(nbytes)
    return f"{text}B" if text[-1].isalpha() else f"{text} B"


def percent(share: float) -> str:
    """A share, never rounded to 0 or 100 unless it is: <0.1 %, 99.9 %."""
    value = 100 * share
    if 0 < value < 0.1:
        return "<0.1 %"
    if 99.9 < value < 100:
        return ">99.9 %"
    return f"{value:.1f} %"


def figure(mw_per_tops: float | None) -> str:
    """mW/TOPS, or a dash where there is none."""
    return "-" if mw_per_tops is None else three(mw_per_tops)
