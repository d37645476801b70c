"""Does what ``heliograph compare`` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from heliograph.backends import load_target, target_names
from heliograph.cli.tables import columns
from heliograph.compiling import compile_unit, program_of
from heliograph.ir.diagnostics import HeliographError
from heliograph.reporting import report
from heliograph.runtime.report.units import count, joule, seconds, three

_FILE_CODES = ("HG1001", "HG1002", "HG1003", "HG1004", "HG1201")  # the model's fault, the same for all targets
_FIRST = "awgr8-28g"  # stands for its family
_HEADS = ("target", "light", "latency", "energy", "optical", "analog", "converter", "system", "TOPS", "SNR", "ENOB")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One target: what the model costs on it, or why it does not run there. mW/TOPS are per boundary."""

    schema: str = "heliograph.compare/1"
    target: str
    family: str
    problem: str = ""
    macs_light: int = 0
    macs: int = 0
    makespan_ps: int = 0
    energy_j: float = 0.0  # system boundary
    mw_per_tops: tuple[float | None, ...] = ()  # optical, analog, converter, system
    tops: float = 0.0
    snr_db: float | None = None
    enob: float | None = None


def split_targets(texts: Sequence[str]) -> list[str]:
    """Spellings from the command line; commas inside braces do not separate. One target per family by default."""
    found: list[str] = []
    for text in texts:
        depth, start = 0, 0
        for i, c in enumerate(f"{text},"):
            depth += (c == "{") - (c == "}")
            if c == "," and depth <= 0:
                found += [text[start:i]] if text[start:i].strip() else []
                start = i + 1
    if found:
        return found
    families: dict[str, str] = {}
    for name in (_FIRST, *target_names()):
        families.setdefault(load_target(name).family, name)
    return list(families.values())


def comparison(model: str, targets: Sequence[str], dims: Mapping[str, int], objective: str) -> list[Row]:
    """One row per target. Raises HeliographError for a bad target or a model that no target could take."""
    rows = []
    for spelling in targets:
        target = load_target(spelling)
        try:
            program = program_of(compile_unit(model, target, dims, objective=objective), model)
            data = report(program).data
        except HeliographError as problem:
            if problem.diagnostics[0].code in _FILE_CODES:
                raise
            rows.append(Row(target=target.spelling, family=target.family, problem=str(problem.diagnostics[0].message)))
            continue
        totals = data.totals
        per = totals.mw_per_tops
        rows.append(
            Row(
                target=target.spelling,
                family=target.family,
                macs_light=data.coverage.macs_light,
                macs=data.coverage.macs,
                makespan_ps=totals.makespan_ps,
                energy_j=totals.energy.system_j,
                mw_per_tops=(per.optical, per.analog, per.converter, per.system),
                tops=totals.tops,
                snr_db=data.link.snr_db,
                enob=data.link.enob,
            )
        )
    return rows


def table(rows: Sequence[Row]) -> list[str]:
    """Lines for people; a refusal stands below the table."""
    priced = [row for row in rows if not row.problem]
    cells = [_HEADS, *(_cells(row) for row in priced)]
    macs = max((row.macs for row in priced), default=0)
    lines = columns(cells, right=range(1, len(_HEADS))) if priced else []
    lines += [f"{row.target} refuses: {row.problem}" for row in rows if row.problem]
    return [
        *lines,
        "",
        f"{count(macs)} multiply-accumulates. mW/TOPS at each boundary: the inner three per operation on light, idle",
        "time included, the system per operation of the model. SNR and ENOB of one detected partial sum.",
    ]


def _cells(row: Row) -> tuple[str, ...]:
    share = f"{100 * row.macs_light / row.macs:.1f} %" if row.macs else "-"
    return (
        row.target,
        share,
        seconds(row.makespan_ps),
        joule(row.energy_j),
        *("-" if v is None else three(v) for v in row.mw_per_tops),
        three(row.tops),
        "-" if row.snr_db is None else f"{row.snr_db:.1f} dB",
        "-" if row.enob is None else f"{row.enob:.1f}",
    )
