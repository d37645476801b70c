"""Electronic processors to compare with, in mW/TOPS, three kinds: measured at batch 1, filled, peak."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from heliograph.backends.quantity import Status


@dataclass(frozen=True, slots=True)
class Baseline:
    """One figure of an electronic processor, its kind and where it comes from."""

    name: str
    kind: str  # "measured", "filled" or "peak"
    precision: str
    mw_per_tops: float
    source: str
    status: Status


@cache
def baselines() -> tuple[Baseline, ...]:
    """All baselines of `baselines.toml`, in file order."""
    raw = tomllib.loads(files("heliograph.backends.cost").joinpath("baselines.toml").read_text("utf-8"))
    return tuple(Baseline(**{**row, "status": Status(row["status"])}) for row in raw["baseline"])
