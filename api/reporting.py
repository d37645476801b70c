"""`heliograph.report`: what one run of a program costs, and which numbers of the hardware decide that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from heliograph.backends import Target
from heliograph.hardware import target_of
from heliograph.ir.core import Op
from heliograph.ir.diagnostics import error
from heliograph.ir.program import Program
from heliograph.runtime.replay import replay
from heliograph.runtime.report import Report as ReportData
from heliograph.runtime.report import build_report, render_text, to_json
from heliograph.runtime.sensitivity import Sensitivity, study
from heliograph.runtime.trace import trace_json


@dataclass(frozen=True)
class Report:
    """A cost report; `data` has every number, the methods render them."""

    data: ReportData
    _module: Op = field(repr=False, compare=False)
    _target: Target = field(repr=False, compare=False)

    def to_json(self) -> bytes:
        """JSON of schema heliograph.report/1."""
        return to_json(self.data)

    def to_text(self, *, width: int | None = None, color: bool = False) -> str:
        """Tables for people; `width` defaults to the terminal's."""
        return render_text(self.data, width=width, color=color)

    def to_trace(self) -> bytes:
        """The schedule, played back, in Chrome's trace format, which Perfetto (ui.perfetto.dev) opens."""
        return trace_json(replay(self._module, self._target, dims=self.data.dims), self.data)


def report(
    program: Program, *, dims: Mapping[str, int] | None = None, snr: Mapping[str, Sequence[float]] | None = None
) -> Report:
    """What one run of a program costs: coverage, layers, energy at four boundaries, latency, comparisons.

    dims: the sizes that the program leaves open; those not given are taken as 1, and the report says so.
    snr: measured signal-to-noise ratios in dB by layer, one per run, to be shown beside the link budget's.

    Raises HeliographError HG1104 (not a scheduled program), HG1201 (impossible dims), HG3002 (its target has changed).
    """
    target = _priced_on(program)
    data = build_report(program.module, target, dims=dims, source_name=program.manifest.source.name, snr=snr)
    return Report(data, program.module, target)


def sensitivity(program: Program, *, dims: Mapping[str, int] | None = None) -> Sensitivity:
    """What a tenth more or less of every number of the target does to energy, time, mW/TOPS and SNR of one run.

    The program is timed and priced anew from its counts, not compiled again; `held` says what that keeps.
    Takes and raises what `report` does.
    """
    target = _priced_on(program)
    return study(program.module, target, dims=dims, source_name=program.manifest.source.name)


def _priced_on(program: Program) -> Target:
    if program.level != "scheduled":
        remedy = "compile the model without stopping early (--to)"
        raise error("HG1104", f"a program of level '{program.level}' has no schedule to price", remedy=remedy)
    return target_of(program)
