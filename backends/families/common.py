"""Answers that families share: timing of fibre, streaming and electronics, element types, sections, plans, refusals."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from heliograph.backends import sections as s
from heliograph.backends.cost.electronics import ElectronicWork, electronic_ps
from heliograph.backends.families.base import GemmRequest, Tile
from heliograph.backends.physics.units import ceil_ps, exact
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic

# sections that every target has
COMMON_SECTIONS: tuple[type[s.Section], ...] = (s.Opu, s.Cloud, s.Electronics, s.Memory, s.Network)

_FLOATS = ("float", "float32", "f32", "double", "float64", "f64", "float16", "half", "f16", "bfloat16", "bf16")
_INTEGERS = ("int8", "i8", "uint8", "u8", "int32", "i32")
_REAL_TYPES = frozenset({*_FLOATS, *_INTEGERS})


def refusal(request: GemmRequest) -> str | None:
    """Reasons that hold for light of any kind: an element type that is not real, or nothing to multiply."""
    if request.element_type.lower() not in _REAL_TYPES:
        return (
            f"elements of type {request.element_type} cannot be put on light "
            "(float, double, float16, bfloat16, int8, uint8 and int32 can)"
        )
    for name, size in (("m", request.m), ("k", request.k), ("n", request.n)):
        if size is not None and size < 1:
            return f"nothing to multiply: {name} = {size}"
    return None


def one_vector(target: Target, why: str, what: str) -> tuple[Diagnostic, ...]:
    """HG4003 for FSR orders on hardware that carries one vector at a time; `what` is counted by opu.count."""
    if target.opu.fsr_orders == 1:
        return ()
    remedy = f"opu.fsr_orders=1, and opu.count for more {what}"
    return (Diagnostic("HG4003", f"opu.fsr_orders = {target.opu.fsr_orders}: {why}", remedy=remedy),)


def field_signs(target: Target) -> tuple[Diagnostic, ...]:
    """HG4003 for sign schemes of intensities on hardware that multiplies fields."""
    scheme = target.formats.sign_scheme
    if scheme == "balanced":
        return ()
    text = f"precision.sign_scheme = {scheme}: fields carry signs by themselves and are detected in balance"
    return (Diagnostic("HG4003", text, remedy="precision.sign_scheme=balanced"),)


def comb_plan(grid: s.Grid, ports_in: int, ports_out: int, rate_gbd: float) -> WavelengthPlan:
    """One comb on one waveguide: a channel of one symbol rate per port, all within one FSR."""
    return WavelengthPlan(
        ports_in=ports_in,
        ports_out=ports_out,
        orders=1,
        center_nm=grid.center_nm,
        spacing_nm=grid.spacing_nm,
        fsr_nm=grid.fsr_nm,
        wrap=False,
        occupied_ghz=rate_gbd,
        passband_ghz=rate_gbd,
    )


class Stage(Protocol):
    """Part of a chain that a symbol passes."""

    @property
    def latency_ps(self) -> float:
        """Time that a symbol takes through it."""


def chain_ps(*stages: Stage, waiting: Fraction = Fraction(0)) -> int:
    """Time in ps of a symbol through all stages, after `waiting` ps, rounded up once."""
    return ceil_ps(sum((exact(stage.latency_ps) for stage in stages), start=waiting))


class CommonTiming:
    """Timing that depends on sections all targets have. Stateless."""

    __slots__ = ()

    def tile(self, target: Target) -> Tile:
        """Inputs x outputs of the OPU, and one vector per FSR order."""
        return Tile(target.opu.ports_in, target.opu.ports_out, target.opu.fsr_orders)

    def stream_ps(self, target: Target, symbols: int) -> int:
        """Time in ps of `symbols` symbol periods, rounded up once."""
        return ceil_ps(Fraction(symbols * 1000) / exact(target.opu.symbol_rate_gbd))

    def fibre_ps(self, target: Target) -> int:
        """One-way delay in ps: distance x delay per km."""
        return ceil_ps(exact(target.cloud.fibre_km) * exact(target.cloud.delay_us_per_km) * 1_000_000)

    def electronic_ps(self, target: Target, work: ElectronicWork) -> int:
        """Time in ps of an electronic region."""
        return electronic_ps(target, work)
