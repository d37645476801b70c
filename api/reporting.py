"""`heliograph.report`: what one run of a program costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heliograph.hardware import target_of
from heliograph.ir.diagnostics import error
from heliograph.ir.program import Program
from heliograph.runtime.report import Report as ReportData
from heliograph.runtime.report import build_report, render_text, to_json


@dataclass(frozen=True)
class Report:
    """A cost report; `data` has every number, the methods render them."""

    data: ReportData

    def to_json(self) -> bytes:
        """JSON of schema heliograph.report/1."""
        return to_json(self.data)

    def to_text(self, *, width: int | None = None, color: bool = False) -> str:
        """Tables for people; `width` defaults to the terminal's."""
        return render_text(self.data, width=width, color=color)

    def to_trace(self) -> bytes:
        """The timeline in Chrome's trace format, which Perfetto opens."""
        from heliograph.trace import trace_json

        return trace_json(self.data)


def report(
    program: Program, *, dims: Mapping[str, int] | None = None, snr: Mapping[str, Sequence[float]] | None = None
) -> Report:
    """What one run of a program costs: coverage, layers, energy at four boundaries, latency, comparisons.

    dims: the sizes that the program leaves open; those not given are taken as 1, and the report says so.
    snr: measured signal-to-noise ratios in dB by layer, one per run, to be shown beside the link budget's.

    Raises HeliographError HG1104 (not a scheduled program), HG1201 (impossible dims), HG3002 (its target has changed).
    """
    if program.level != "scheduled":
        remedy = "compile the model without stopping early (--to)"
        raise error("HG1104", f"a program of level '{program.level}' has no schedule to price", remedy=remedy)
    name = program.manifest.source.name
    return Report(build_report(program.module, target_of(program), dims=dims, source_name=name, snr=snr))
