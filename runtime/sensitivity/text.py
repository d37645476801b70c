"""A sensitivity study as a tornado table."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from heliograph.runtime.report.grid import Column, Grid
from heliograph.runtime.report.printing import printed
from heliograph.runtime.report.units import figure, joule, seconds, three
from heliograph.runtime.sensitivity.model import Change, Parameter, Sensitivity

_BAR = 14  # characters


def render(found: Sensitivity, *, top: int, width: int | None = None, color: bool = False) -> str:
    """Parameters of most effect first; below them how many are left out, and those without effect, by reason."""
    return printed(lambda columns: _parts(found, top, columns), width, color)


def _parts(found: Sensitivity, top: int, width: int) -> Iterator[RenderableType]:
    name, base = found.source or found.program or "program", found.base
    yield Text(f"{name} on {found.target}: every number {100 * found.step:g} % down and up", style="bold")
    sizes = ", ".join(f"{k} = {v}" + (" (assumed)" if k in found.assumed_dims else "") for k, v in found.dims.items())
    snr = "no noise" if base.snr_db is None else f"least SNR {base.snr_db:.1f} dB"
    light = "nothing on light" if base.mw_per_tops is None else f"{figure(base.mw_per_tops)} mW/TOPS at the converters"
    yield Text(f"Now: {joule(base.energy_j)} (system), {seconds(base.time_ps)}, {light}, {snr}")
    yield Text(f"Sizes: {sizes or 'all fixed'}")
    yield Text("Decibels move by that share of the ratio they stand for, whole numbers by 1 or more.", style="dim")
    yield Text(f"Held: {'; '.join(found.held)}.")
    moving = [p for p in found.parameters if p.effect]
    yield Text("")
    yield _tornado(moving[:top]).table(width)
    if len(moving) > top:
        yield Text(f"{len(moving) - top} more move less: --top N shows them, JSON has all", style="dim")
    yield from _still([p for p in found.parameters if not p.effect])


def _tornado(rows: list[Parameter]) -> Grid:
    columns = [Column("parameter", name=True), Column("value", leave_out=3)]
    for title, leave_out in (("energy", 0), ("time", 0), ("mW/TOPS", 2), ("SNR", 0)):
        columns += [Column(f"{title} -", leave_out=leave_out), Column("+", leave_out=leave_out)]
    grid = Grid([*columns, Column("effect", left=True, leave_out=1)])
    most = max((p.effect for p in rows), default=1.0)
    for p in rows:
        ends = (p.down, p.up)
        grid.add(
            p.key,
            f"{three(p.value) if isinstance(p.value, float) else p.value} {p.unit}".strip(),
            *(_share(c, c.energy) for c in ends),
            *(_share(c, c.time) for c in ends),
            *(_share(c, c.mw_per_tops) for c in ends),
            *(_decibel(c) for c in ends),
            "█" * max(1, round(p.effect / most * _BAR)),
        )
    return grid


def _share(change: Change, value: float) -> str:
    if change.figures is None:
        return "none"
    if not value:
        return ""
    return f"{100 * value:+.1f} %" if abs(value) >= 0.0005 else "~0 %"


def _decibel(change: Change) -> str:
    if change.figures is None:
        return "none"
    if not change.snr_db:
        return ""
    return f"{change.snr_db:+.2f} dB" if abs(change.snr_db) >= 0.005 else "~0 dB"


def _still(rows: list[Parameter]) -> Iterator[RenderableType]:
    reasons: dict[str, list[str]] = {}
    for p in rows:
        reasons.setdefault(p.why, []).append(p.key)
    if reasons:
        yield Text("\nThese move nothing:", style="bold")
    for why, keys in reasons.items():
        yield Text(f"  {why}:\n    {', '.join(sorted(keys))}")
