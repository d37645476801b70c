"""What a program costs: coverage, layers, energy at four boundaries, latency, and what to compare it with."""

from __future__ import annotations

import msgspec

from heliograph.runtime.report.build import build_report
from heliograph.runtime.report.energy import Energy, EnergyLine, PerBoundary
from heliograph.runtime.report.model import LINK_SCHEMA, SCHEMA, Layer, Report


def to_json(report: Report) -> bytes:
    """The report as JSON, indented, the same bytes for the same report."""
    return msgspec.json.format(msgspec.json.encode(report, order="deterministic"), indent=2) + b"\n"


def links_to_json(report: Report) -> bytes:
    """The link budgets of a report's layers alone, as JSON of schema heliograph.link/1."""
    links = {"schema": LINK_SCHEMA, "target": report.target, "layer_links": report.layer_links}
    return msgspec.json.format(msgspec.json.encode(links, order="deterministic"), indent=2) + b"\n"


def from_json(data: bytes | str) -> Report:
    """Read a report back. Raises msgspec.ValidationError when it is none."""
    return msgspec.json.decode(data, type=Report)


def render_text(report: Report, *, width: int | None = None, color: bool = False) -> str:
    """The report as tables for people; `width` defaults to the terminal's."""
    from heliograph.runtime.report.text import render

    return render(report, width=width, color=color)


def render_links(report: Report, *, width: int | None = None, color: bool = False) -> str:
    """The link budgets of a report's layers as waterfalls for people."""
    from heliograph.runtime.report.link_text import render_links

    return render_links(report, width=width, color=color)


__all__ = [
    "LINK_SCHEMA",
    "SCHEMA",
    "Energy",
    "EnergyLine",
    "Layer",
    "PerBoundary",
    "Report",
    "build_report",
    "from_json",
    "links_to_json",
    "render_links",
    "render_text",
    "to_json",
]
