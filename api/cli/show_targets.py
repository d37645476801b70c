"""What ``heliograph targets`` prints."""

from __future__ import annotations

import json
import math
import textwrap
from typing import Any

from heliograph.backends import (
    Boundary,
    Description,
    LinkBudget,
    Peak,
    Target,
    baselines,
    describe,
    family_of,
    link_budget,
    link_warnings,
    load_target,
    peak,
    target_names,
)
from heliograph.cli.console import diagnostic_lines
from heliograph.cli.tables import columns, number

SCHEMA = "heliograph.target/1"


def show_all(as_json: bool) -> str:
    """One line per target."""
    targets = [load_target(name) for name in target_names()]
    if as_json:
        rows = [{"name": t.name, "family": t.family, "description": t.description} for t in targets]
        return json.dumps({"schema": "heliograph.targets/1", "targets": rows}, indent=1)
    lines = columns([[t.name, t.family, t.description] for t in targets])
    return "\n".join([*lines, "", "`heliograph targets NAME` shows every number with its source."])


def show_one(spelling: str, as_json: bool) -> str:
    """Everything about one target."""
    target = load_target(spelling)
    if as_json:
        return json.dumps(_as_data(target), indent=1)
    described = describe(target)
    lines = [f"{described.spelling}: {described.description}", f"family {described.family}"]
    lines += textwrap.wrap(f"Not known: {described.unknowns}", 100) if described.unknowns else []
    lines += ["", *_sections(described)]
    if target.family != "ideal":
        lines += ["", *_peak(_peaks(target)), "", *_baselines(), "", *_budget(link_budget(target))]
        lines += diagnostic_lines(list(link_warnings(target)))
    return "\n".join(lines)


def _sections(described: Description) -> list[str]:
    lines: list[str] = []
    rows = []
    for section in described.sections:
        rows.append([f"[{section.key}]", "", "", "", section.title])
        for q in section.rows:
            value = f"{q.value:,.10g}" if type(q.value) in (int, float) else str(q.value).lower()
            rows.append([f"  {q.key}", value, q.unit, str(q.status), q.source])
    lines += columns(rows, right=(1,))
    return lines


def _peaks(target: Target) -> list[Peak]:
    """On one rail, and with the balanced detection that signed weights take, where that costs anything."""
    one, precision = peak(target), family_of(target).precision(target)
    two = peak(target, 2)
    return [one, two] if precision and precision.rails == 2 and two.mw != one.mw else [one]


def _peak(found: list[Peak]) -> list[str]:
    best = found[0]
    shown = f"{number(best.tops_per_opu)} TOPS per OPU"
    if not math.isclose(best.tops, best.tops_per_opu):
        shown += f", {number(best.tops)} TOPS in all"
    kinds = [""] if len(found) == 1 else ["one rail", "balanced detection"]
    rows = [["mW/TOPS", *kinds], *([str(b), *(f"{p.at(b):.1f}" for p in found)] for b in Boundary)]
    lines = [f"Peak, computed by the code that prices programs: {shown}"]
    lines += columns(rows, right=(1, 2), indent="  ")
    for kind, at in zip(kinds, found, strict=True):
        power = ", ".join(f"{component} {number(mw)}" for component, mw in at.mw)
        text = f"power per OPU in mW{kind and f', {kind}'}: {power}"
        lines += textwrap.wrap(text, 100, initial_indent="  ", subsequent_indent="    ")
    return lines


def _baselines() -> list[str]:
    rows = [[b.name, b.kind, b.precision, number(b.mw_per_tops), "mW/TOPS", b.source] for b in baselines()]
    return ["For comparison", *columns(rows, right=(3,), indent="  ")]


def _budget(budget: LinkBudget) -> list[str]:
    if not budget.power:
        return []
    power = [[row.label, f"{row.change_db:+.2f} dB", f"{row.power_dbm:.2f} dBm"] for row in budget.power]
    noise = [[row.name, f"{row.rms_ua:.3f} uA"] for row in budget.noise]
    osnr = "" if budget.osnr_db is None else f", OSNR {budget.osnr_db:.1f} dB"
    fibre = [[row.label, number(row.value), row.unit] for row in budget.fibre]
    return [
        f"Link budget of one partial sum: SNR {budget.snr_db:.1f} dB, {budget.enob:.2f} effective bits"
        f" ({budget.full_scale_bits:.2f} full-scale bits){osnr}",
        *columns(power, right=(1, 2), indent="  "),
        f"  noise (rms), against a signal of {budget.signal_rms_ua:.1f} uA of {budget.full_scale_ua:.0f} uA full scale",
        *columns(noise, right=(1,), indent="    "),
        *(["  fibre", *columns(fibre, right=(1,), indent="    ")] if fibre else []),
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _as_data(target: Target) -> dict[str, Any]:
    described, budget = describe(target), link_budget(target)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "name": described.name,
        "family": described.family,
        "spelling": described.spelling,
        "fingerprint": described.fingerprint,
        "description": described.description,
        "unknowns": described.unknowns,
        "quantities": [
            {"key": q.key, "value": q.value, "unit": q.unit, "status": str(q.status), "source": q.source}
            for section in described.sections
            for q in section.rows
        ],
        "link": {
            "snr_db": _finite(budget.snr_db),
            "enob": _finite(budget.enob),
            "received_dbm": budget.received_dbm,
            "fibre": [{"name": r.label, "value": _finite(r.value), "unit": r.unit} for r in budget.fibre],
        },
    }
    if target.family != "ideal":
        found = _peaks(target)
        data["peak"] = _peak_data(found[0])
        if len(found) > 1:
            data["peak_balanced"] = _peak_data(found[1])
    return data


def _peak_data(found: Peak) -> dict[str, Any]:
    return {
        "tops_per_opu": found.tops_per_opu,
        "tops": found.tops,
        "mw": dict(found.mw),
        "mw_per_tops": {str(b): v for b, v in found.mw_per_tops},
    }
