"""Which numbers of the hardware decide what a program costs."""

from __future__ import annotations

import msgspec

from heliograph.runtime.sensitivity.model import SCHEMA, Change, Figures, Parameter, Sensitivity
from heliograph.runtime.sensitivity.study import study


def to_json(found: Sensitivity) -> bytes:
    """The study as JSON, indented."""
    return msgspec.json.format(msgspec.json.encode(found, order="deterministic"), indent=2) + b"\n"


def render_text(found: Sensitivity, *, top: int = 20, width: int | None = None, color: bool = False) -> str:
    """The `top` parameters of most effect as a table for people, and those without any."""
    from heliograph.runtime.sensitivity.text import render

    return render(found, top=top, width=width, color=color)


__all__ = ["SCHEMA", "Change", "Figures", "Parameter", "Sensitivity", "render_text", "study", "to_json"]
