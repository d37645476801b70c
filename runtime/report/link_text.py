"""Link budgets for people: a waterfall of light, the currents it makes, the noise on them, and the fibre."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from heliograph.runtime.report.grid import Column, Grid
from heliograph.runtime.report.model import LayerLink, Link, Report
from heliograph.runtime.report.printing import printed
from heliograph.runtime.report.units import percent, three

_FULL, _LOST, _WON = "█", "░", "▓"
_BAR = 30  # characters
_MOST_LAYERS = 6  # names shown


def render_links(report: Report, *, width: int | None = None, color: bool = False) -> str:
    """The budget of every set of formats that the layers of the program have, and what is doubtful about it."""
    return printed(lambda columns: _parts(report, columns), width, color)


def _parts(report: Report, width: int) -> Iterator[RenderableType]:
    name = report.source or report.program or "program"
    yield Text(f"{name} on {report.target}: link budget of one partial sum", style="bold")
    yield Text("All ports in use, operands uniform over their range.", style="dim")
    if not report.layer_links:
        yield Text("No layer is on light.")
    for entry in report.layer_links:
        yield Text(f"\n{_formats(entry)}", style="bold")
        yield Text(_layers(entry))
        if not entry.link.power:
            yield Text("Without light path or noise: the target is ideal.")
            continue
        for grid in _grids(entry):
            yield Text("")
            yield grid.table(width)
        yield Text(f"\n{_verdict(entry.link)}", style="bold")
    for found in report.warnings:
        if found.code == "HG4005":
            yield Text(f"\n{found.severity} {found.code}: {found.message}\n  remedy: {found.remedy}")


def _grids(entry: LayerLink) -> tuple[Grid, ...]:
    link = entry.link
    found = (_waterfall(link), _currents(link), _noise(link, entry.repeats))
    return (*found, _fibre(link)) if link.fibre else found


def _formats(entry: LayerLink) -> str:
    if not entry.input_bits:
        return "Full precision"
    again = f", detected {entry.repeats} times" if entry.repeats > 1 else ""
    return (
        f"{entry.input_bits}-bit inputs, {entry.weight_bits}-bit weights, {entry.adc_bits:g}-bit detection "
        f"({entry.adc_range} range), signs {entry.sign_scheme}{again}"
    )


def _layers(entry: LayerLink) -> str:
    shown = ", ".join(entry.layers[:_MOST_LAYERS])
    more = len(entry.layers) - _MOST_LAYERS
    noun = "layer" if len(entry.layers) == 1 else "layers"
    return f"{len(entry.layers)} {noun}: {shown}" + (f" and {more} more in the JSON report" if more > 0 else "")


def _waterfall(link: Link) -> Grid:
    """Levels from the weakest to the strongest fill the bar."""
    grid = Grid([Column("light of one channel", left=True), Column("change"), Column("level"), Column("", left=True)])
    levels = [step.power_dbm for step in link.power]
    floor, top = math.floor(min(levels)) - 1, math.ceil(max(levels))

    def place(dbm: float) -> int:
        return round((dbm - floor) / (top - floor) * _BAR)

    before = link.power[0].power_dbm
    for i, step in enumerate(link.power):
        low, high = sorted((place(before), place(step.power_dbm)))
        bar = _FULL * low + (_WON if step.change_db > 0 else _LOST) * (high - low)
        change = "" if i == 0 else f"{step.change_db:+.2f} dB"
        grid.add(step.name, change, f"{step.power_dbm:.2f} dBm", bar)
        before = step.power_dbm
    grid.add("received", f"{before - link.power[0].power_dbm:+.2f} dB", f"{before:.2f} dBm", "", bold=True)
    return grid


def _currents(link: Link) -> Grid:
    grid = Grid([Column("photocurrent", left=True), Column("uA")])
    grid.add("one product at full scale", three(link.product_ua))
    grid.add("full scale of a sum", three(link.full_scale_ua))
    grid.add("mean", three(link.mean_ua))
    grid.add("signal (rms)", three(link.signal_rms_ua), bold=True)
    return grid


def _noise(link: Link, repeats: int) -> Grid:
    """Every term with its share of the variance that is left after averaging, largest first."""
    columns = [Column("noise (rms)", left=True), Column("uA"), Column("share"), Column("SNR"), Column("", left=True)]
    grid = Grid(columns)
    left = {term: term.rms_ua / math.sqrt(repeats if term.averages else 1) for term in link.noise}
    whole = math.fsum(rms**2 for rms in left.values())
    for term, rms in sorted(left.items(), key=lambda item: -item[1]):
        share = rms**2 / whole if whole else 0.0
        averaged = f" / sqrt({repeats})" if repeats > 1 and term.averages else ""
        alone = f"{20 * math.log10(link.signal_rms_ua / rms):.1f} dB" if rms else "-"
        grid.add(f"{term.name}{averaged}", three(rms), percent(share), alone, _FULL * round(share * _BAR))
    snr = "-" if link.snr_db is None else f"{link.snr_db:.1f} dB"
    grid.add("together", three(math.sqrt(whole)), "", snr, "", bold=True)
    return grid


def _verdict(link: Link) -> str:
    if link.snr_db is None or link.enob is None or link.full_scale_bits is None:
        return "Without noise"
    osnr = "" if link.osnr_db is None else f", OSNR {link.osnr_db:.1f} dB behind the amplifiers"
    return (
        f"SNR {link.snr_db:.1f} dB in {link.bandwidth_ghz:.1f} GHz = {link.enob:.2f} effective bits, "
        f"{link.full_scale_bits:.2f} full-scale bits{osnr}"
    )


def _fibre(link: Link) -> Grid:
    grid = Grid([Column("fibre", left=True), Column(""), Column("", left=True)])
    for row in link.fibre:
        grid.add(row.name, "no limit" if row.value is None else three(row.value), row.unit if row.value else "")
    return grid
