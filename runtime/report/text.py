"""The report as tables for people. Only this module and those it imports need rich."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from heliograph.runtime.report import tables
from heliograph.runtime.report.grid import Grid
from heliograph.runtime.report.model import Link, Report
from heliograph.runtime.report.printing import printed
from heliograph.runtime.report.units import count, joule, percent, seconds, size, three, watt

_MEMORY = {"sram": "SRAM", "hbm": "HBM", "dram": "DRAM"}


def render(report: Report, *, width: int | None = None, color: bool = False) -> str:
    """The whole report. Lines are at most `width` characters long, or as long as the numbers of a table need."""
    return printed(lambda columns: _parts(report, columns), width, color)


def _parts(report: Report, width: int) -> Iterator[RenderableType]:
    def section(title: str, grid: Grid, note: str | None = None) -> Iterator[RenderableType]:
        yield Text(f"\n{title}", style="bold")
        yield grid.table(width)
        if note:
            yield Text(note, style="dim")

    yield from _head(report)
    if report.layers:
        more = tables.rest(len(report.layers), "layers")
        yield from section("Layers on light: shape and time", tables.layer_time(report), more)
        yield from section("Layers on light: energy and precision", tables.layer_energy(report), more)
    if report.electronics:
        more = tables.rest(len(report.electronics), "pieces")
        yield from section("On electronics", tables.electronics(report), more)
    yield from section("Energy by component", tables.energy(report))
    yield from section(
        "mW/TOPS (energy per operation; 1 mW/TOPS = 1 fJ)",
        tables.figures(report),
        "Inner boundaries: per operation on light, idle time included. System: per operation of the model.",
    )
    yield from section(
        "Electronic processors (mW/TOPS at the system boundary)",
        tables.baselines(report),
        "Peak figures are without a workload: datasheets of boards; light path and converters on light.",
    )
    yield from _foot(report)


def _head(report: Report) -> Iterator[RenderableType]:
    t, c = report.totals, report.coverage
    name = report.source or report.program or "program"
    yield Text(f"{name} on {report.target}", style="bold")
    sizes = ", ".join(f"{k} = {v}" + (" (assumed)" if k in report.assumed_dims else "") for k, v in report.dims.items())
    nodes = c.nodes_light + c.nodes_electronics
    split = f", {c.nodes_split} of them with a bias or scale on electronics" if c.nodes_split else ""
    share = "none" if not c.macs_light else "all" if not c.macs_electronics else percent(c.macs_light / c.macs)
    busy = f"light {_share(t.light_ps, t.makespan_ps)}, electronics {_share(t.electronics_ps, t.makespan_ps)}"
    rows = [
        ("sizes", sizes or "all fixed"),
        ("latency", f"{seconds(t.makespan_ps)}   busy: {busy} of it"),
        (
            "energy",
            f"{joule(t.energy.system_j)} at the system boundary, {joule(t.energy.converter_j)} at the converters",
        ),
        ("power", f"{watt(t.average_power_mw)} on average, {t.opus} {_plural(t.opus, 'processor')} powered"),
        ("nodes", f"{c.nodes_light} of {nodes} on light{split}; {c.nodes_electronics} on electronics"),
        ("MACs", f"{count(c.macs)}: {share} on light, {count(c.macs_electronics)} on electronics"),
        ("weights", f"{size(report.weights.nbytes)}, in {_MEMORY[report.weights.level]} from run to run"),
        ("speed", f"{three(t.tops)} TOPS of {three(t.peak_tops)} at peak"),
    ]
    if (other := report.published) is not None:
        told = (
            f"{joule(other.energy_j)} and {seconds(round(other.latency_s * 1e12))} by the rules of {other.conventions}"
        )
        rows.append(("light", told))
    once = report.preparation
    if once.regions:
        kinds = ", ".join(once.ops)
        cost = f"{seconds(once.duration_ps)}, {joule(once.energy_j)}, in no figure above"
        rows.append(("loading", f"constants computed once on electronics ({kinds}): {cost}"))
    yield tables.facts(rows)


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "0 %"


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"


def _foot(report: Report) -> Iterator[RenderableType]:
    rows = [("link", _link(report.link))]
    trust = ", ".join(f"{number} {status}" for status, number in report.statuses.items())
    rows.append(("numbers", f"{sum(report.statuses.values())} of the target: {trust}"))
    if report.unknowns:
        rows.append(("unknown", report.unknowns))
    for warning in report.warnings:
        remedy = f" ({warning.remedy})" if warning.remedy else ""
        rows.append((warning.severity, f"{warning.code}: {warning.message}{remedy}"))
    yield Text("")
    yield tables.facts(rows)


def _link(link: Link) -> str:
    if link.snr_db is None or link.enob is None or link.full_scale_bits is None:
        return "without noise"
    worst = max(link.noise, key=lambda term: term.rms_ua)
    return (
        f"SNR {link.snr_db:.1f} dB, ENOB {link.enob:.1f}, full-scale bits {link.full_scale_bits:.1f} of a partial sum; "
        f"{link.received_dbm:.1f} dBm received; largest noise: {worst.name} ({three(worst.rms_ua)} uA of a signal of "
        f"{three(link.signal_rms_ua)} uA)"
    )
