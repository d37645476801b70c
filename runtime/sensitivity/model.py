"""What a sensitivity study holds."""

from __future__ import annotations

import msgspec

SCHEMA = "heliograph.sensitivity/1"


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a program comes to on a target."""

    energy_j: float  # system boundary
    time_ps: int
    mw_per_tops: float | None  # converter boundary, per operation on light; null: nothing is on light
    snr_db: float | None  # link budget of the layer that has least; null: no noise


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What moving one parameter one way does."""

    value: int | float  # of the parameter
    problem: str = ""  # why no hardware has that value; then there are no figures
    figures: Figures | None = None
    energy: float = 0.0  # relative change, likewise below
    time: float = 0.0
    mw_per_tops: float = 0.0
    snr_db: float = 0.0  # difference

    @property
    def effect(self) -> float:
        """The largest relative change of all figures, SNR as a ratio of amplitudes."""
        return max(abs(self.energy), abs(self.time), abs(self.mw_per_tops), abs(10 ** (self.snr_db / 20) - 1))


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One number of the target. `why` says what keeps it from moving anything, if nothing moves."""

    key: str
    value: int | float
    unit: str
    status: str
    source: str
    down: Change
    up: Change
    effect: float
    why: str = ""


class Sensitivity(msgspec.Struct, frozen=True, kw_only=True):
    """Every number of a target moved by `step` each way, largest effect first."""

    schema: str = SCHEMA
    program: str
    source: str
    target: str
    dims: dict[str, int]
    assumed_dims: tuple[str, ...]  # sizes nobody gave, taken as 1
    step: float
    base: Figures
    held: tuple[str, ...]  # what a new compilation might change, and is kept here
    parameters: tuple[Parameter, ...]
