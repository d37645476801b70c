"""Questions about a target that its family answers, as plain functions."""

from __future__ import annotations

from dataclasses import replace

from heliograph.backends.families.registry import family_of
from heliograph.backends.link import LinkBudget
from heliograph.backends.precision import Precision
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic, HeliographError, Severity
from heliograph.ir.kernel import KernelSpec


def link_budget(target: Target, precision: Precision | None = None) -> LinkBudget:
    """Power, noise, SNR and bits of one detected partial sum; formats default to the target's own."""
    return family_of(target).link_budget(target, precision)


def kernel_precision(target: Target, spec: KernelSpec) -> Precision | None:
    """Formats of a kernel: its own, and the target's where it has none; None on hardware of full precision."""
    natural = family_of(target).precision(target)
    if natural is None:
        return None
    signs = spec.rhs.signs
    return replace(
        natural,
        input_bits=spec.lhs.bits or natural.input_bits,
        weight_bits=spec.rhs.bits or natural.weight_bits,
        adc_bits=spec.adc.bits or natural.adc_bits,
        sign_scheme="balanced" if signs == "balanced" else "offset" if signs == "offset" else "two-pass",
        adc_range="calibrated" if spec.adc.range == "calibrated" else "full-scale",
        repeats=spec.adc.repeats,
    )


def link_warnings(target: Target) -> tuple[Diagnostic, ...]:
    """HG4005: what makes the link doubtful (warnings) or impossible (errors)."""
    return family_of(target).link_warnings(target)


def check_link(target: Target) -> None:
    """Raise HeliographError HG4005 with everything that makes the link impossible."""
    dark = [found for found in link_warnings(target) if found.severity is Severity.ERROR]
    if dark:
        raise HeliographError(dark)


def slice_noise(target: Target, precision: Precision | None = None) -> SliceNoise:
    """What the simulator applies to one detected partial sum; formats default to the target's own."""
    return family_of(target).slice_noise(target, precision)


def wavelength_plan(target: Target) -> WavelengthPlan:
    """The wavelength of every port pair and order; `check()` finds collisions."""
    return family_of(target).wavelength_plan(target)
