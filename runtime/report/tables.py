"""The tables of the text report."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from heliograph.backends import Boundary
from heliograph.runtime.report.grid import Column, Grid
from heliograph.runtime.report.model import ElectronicTask, Layer, Report
from heliograph.runtime.report.units import count, figure, joule, percent, seconds, three

_MOST_ROWS = 40  # the JSON report has all
_MOST_TYPES = 6


def facts(rows: Sequence[tuple[str, str]]) -> Table:
    """Two columns: what, and the sentence."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(f"  {name}", text)
    return table


def layer_time(report: Report) -> Grid:
    """Shape, tiles and time of every layer."""
    grid = Grid(
        [
            Column("layer", name=True),
            Column("b x m x k x n"),
            Column("tiles", leave_out=2),
            Column("rounds"),
            Column("OPUs"),
            Column("symbols"),
            Column("sent", leave_out=3),
            Column("fill"),
            Column("duty"),
            Column("waits for", left=True, leave_out=1),
            Column("latency"),
            Column("TOPS"),
        ]
    )
    for x in report.layers[:_MOST_ROWS]:
        grid.add(
            _name(x.name, x.runs),
            f"{x.b} x {x.m} x {x.k} x {x.n}",
            count(x.weight_tiles * x.b),
            count(x.rounds),
            count(x.opus),
            count(x.symbols),
            f"{x.passes * x.repeats} x",
            percent(x.fill),
            percent(x.duty),
            {"reload": "reloads", "stream": "symbols"}[x.bound],
            seconds(x.duration_ps * x.runs),
            f"{x.tops:.2e}" if 0 < x.tops < 1e-3 else three(x.tops),
        )
    return grid


def _name(name: str, runs: int) -> str:
    """A name with how often it runs, where that is more than once."""
    return f"{name} ({runs} times)" if runs > 1 else name


def layer_energy(report: Report) -> Grid:
    """Energy of every layer at the four boundaries, and its precision."""
    measured = any(x.measured_snr_db for x in report.layers)
    columns = [
        Column("layer", name=True),
        Column("MACs"),
        *(Column(boundary) for boundary in Boundary),
        Column("mW/TOPS conv."),
        Column("system"),
        Column("bits", leave_out=1),
        Column("link SNR"),
    ]
    grid = Grid([*columns, Column("measured")] if measured else columns)
    for x in report.layers[:_MOST_ROWS]:
        cells = [
            _name(x.name, x.runs),
            count(x.macs * x.runs),
            *(joule(x.energy.at(b)) for b in Boundary),
            _compact(x.mw_per_tops.converter),
            _compact(x.mw_per_tops.system),
            _bits(x),
            "-" if x.link_snr_db is None else f"{x.link_snr_db:.1f} dB",
        ]
        grid.add(*cells, *([_measured(x)] if measured else []))
    return grid


def rest(total: int, noun: str) -> str | None:
    """What a table of rows leaves to the JSON report."""
    return f"... {total - _MOST_ROWS} more {noun} in the JSON report" if total > _MOST_ROWS else None


def _bits(x: Layer) -> str:
    """Bits of input, weight and converter."""
    if not x.input_bits and not x.weight_bits and not x.adc_bits:
        return "full"
    return f"{x.input_bits or 'full'}/{x.weight_bits or 'full'}/{x.adc_bits or 'full'}"


def _compact(mw_per_tops: float | None) -> str:
    return count(round(mw_per_tops)) if mw_per_tops is not None and mw_per_tops >= 1000 else figure(mw_per_tops)


def _measured(x: Layer) -> str:
    if not x.measured_snr_db:
        return "-"
    low, high = min(x.measured_snr_db), max(x.measured_snr_db)
    return f"{low:.1f} dB" if high - low < 0.05 else f"{low:.1f}-{high:.1f} dB"


def electronics(report: Report) -> Grid:
    """Where the electronics go."""
    grid = Grid(
        [
            Column("what", left=True),
            Column("at", name=True),
            Column("why", sentence=True),
            Column("operations"),
            Column("bytes moved"),
            Column("time"),
            Column("energy"),
        ]
    )
    for x in report.electronics[:_MOST_ROWS]:
        work = x.work
        operations = work.macs + work.elementwise + work.reduce + work.transcendental
        unknown = " + ?" if x.unknown_sizes else ""
        grid.add(
            x.kind,
            _name(x.name, x.runs),
            _why(x),
            count(operations * x.runs) + unknown,
            count(work.moved_bytes * x.runs) + unknown,
            seconds(x.duration_ps * x.runs),
            joule(x.energy.system_j),
        )
    sent = sum(t.bits * t.runs for t in report.transfers)
    if sent:
        grid.end_section()
        busy, cost = seconds(report.totals.transfer_ps), joule(report.totals.transfer_energy.system_j)
        grid.add("network", "", f"{count(sent)} bits between edge and center", "", "", busy, cost)
    return grid


def _why(task: ElectronicTask) -> str:
    """Ops with their number, and the codes of the reasons."""
    if task.kind != "region":
        return task.why
    codes = sorted({part.partition(":")[0].strip() for part in task.why.split(";") if part})
    ops = [f"{number} {name}" if number > 1 else name for name, number in task.ops.items()]
    shown = [*ops[:_MOST_TYPES], f"{len(ops) - _MOST_TYPES} more types"] if len(ops) > _MOST_TYPES else ops
    return f"{', '.join(shown)} ({', '.join(codes)})"


def energy(report: Report) -> Grid:
    """Components by boundary, split into what the energy was for."""
    t = report.totals
    parts = {
        "light": t.light_energy,
        "electronics": t.electronics_energy,
        "network": t.transfer_energy,
        "idle": t.idle_energy,
    }
    names = [Column("boundary", left=True), Column("component", left=True)]
    grid = Grid([*names, *(Column(name) for name in parts), Column("total"), Column("share")])
    whole = t.energy.system_j
    for boundary in Boundary:
        lines = [line for line in t.energy.lines if line.boundary == boundary]
        for i, line in enumerate(lines):
            cells = [_cell(part.component_j(line.component)) for part in parts.values()]
            first = boundary if i == 0 else ""
            grid.add(first, line.component, *cells, joule(line.joule), percent(line.joule / whole))
        inside = [_cell(part.at(boundary)) for part in parts.values()]
        name = "total" if boundary is Boundary.SYSTEM else f"within {boundary}"
        share = percent(t.energy.at(boundary) / whole) if whole else "-"
        grid.add("" if lines else boundary, name, *inside, joule(t.energy.at(boundary)), share, bold=True)
        grid.end_section()
    return grid


def _cell(value: float) -> str:
    return joule(value) if value else "-"


def figures(report: Report) -> Grid:
    """The program's figure of merit beside the hardware's."""
    t = report.totals
    grid = Grid([Column("", left=True), *(Column(boundary) for boundary in Boundary)])
    peak = "hardware at peak" + (", balanced detection" if t.rails == 2 else "")
    grid.add("this program", *(figure(t.mw_per_tops.at(b)) for b in Boundary), bold=True)
    grid.add(peak, *(figure(t.peak_mw_per_tops.at(b)) for b in Boundary))
    grid.add("program / peak", *(_times(t.mw_per_tops.at(b), t.peak_mw_per_tops.at(b)) for b in Boundary))
    return grid


def _times(value: float | None, base: float | None) -> str:
    return "-" if value is None or not base else f"{three(value / base)} x"


def baselines(report: Report) -> Grid:
    """Electronic processors, and how many times their figure this program and its hardware at peak take."""
    grid = Grid(
        [
            Column("processor", left=True),
            Column("kind", left=True),
            Column("precision", left=True),
            Column("mW/TOPS"),
            Column("this program takes"),
            Column("at peak"),
            Column("status", left=True),
        ]
    )
    for x in report.baselines:
        program = "-" if x.program_times is None else f"{three(x.program_times)} x"
        grid.add(x.name, x.kind, x.precision, three(x.mw_per_tops), program, f"{three(x.peak_times)} x", x.status)
    return grid
