"""Questions about a target that its family answers, as plain functions."""

from __future__ import annotations

from heliograph.backends.families.registry import family_of
from heliograph.backends.link import LinkBudget
from heliograph.backends.precision import Precision
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic


def link_budget(target: Target) -> LinkBudget:
    """Power, noise, SNR and bits of one detected partial sum."""
    return family_of(target).link_budget(target)


def link_warnings(target: Target) -> tuple[Diagnostic, ...]:
    """HG4005: what makes the link doubtful (warnings) or impossible (errors)."""
    return family_of(target).link_warnings(target)


def slice_noise(target: Target, precision: Precision | None = None) -> SliceNoise:
    """What the simulator applies to one detected partial sum; formats default to the target's own."""
    return family_of(target).slice_noise(target, precision)


def wavelength_plan(target: Target) -> WavelengthPlan:
    """The wavelength of every port pair and order; `check()` finds collisions."""
    return family_of(target).wavelength_plan(target)
