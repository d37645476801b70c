"""Family ``ideal``: full precision, no noise, no wavelength limits, and a published energy per MAC."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from heliograph.backends.cost import counters as c
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Boundary, Rate
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.common import COMMON_SECTIONS, CommonTiming, refusal
from heliograph.backends.link import NOISELESS, LinkBudget
from heliograph.backends.physics.units import exact
from heliograph.backends.precision import Precision
from heliograph.backends.sections import Section
from heliograph.backends.sections.fields import number
from heliograph.backends.slices import NO_NOISE, SliceNoise
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import UNLIMITED, WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Ideal(Section):
    """The one number of an ideal optical processor."""

    KEY: ClassVar[str] = "ideal"
    mac_aj: float = number(0, 1e12)  # energy of one multiply-accumulate


class IdealFamily(CommonTiming):
    """Stateless; see `heliograph.backends.families.base.Family` for the meaning of each method."""

    __slots__ = ()
    name = "ideal"
    sections: tuple[type[Section], ...] = (*COMMON_SECTIONS, Ideal)

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """Nothing is impossible here."""
        return ()

    def legality(self, target: Target, request: GemmRequest) -> str | None:
        """Everything real is taken."""
        return refusal(request)

    def precision(self, target: Target) -> Precision | None:
        """Full precision."""
        return None

    def hold_ps(self, target: Target) -> int:
        """Weights are there at once."""
        return 0

    def fill_ps(self, target: Target) -> int:
        """No latency."""
        return 0

    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Only multiply-accumulates count."""
        return Activity.of({c.OPU_MAC: task.macs})

    def full_second(self, target: Target, rails: int) -> Activity:
        """Every port in use every symbol."""
        opu = target.opu
        symbols = round(exact(opu.symbol_rate_gbd) * 10**9) * opu.fsr_orders
        return self.activity(target, GemmActivity(macs=symbols * opu.ports_in * opu.ports_out, rails=rails))

    def rates(self, target: Target) -> tuple[Rate, ...]:
        """Energy per multiply-accumulate at the optical boundary."""
        mac_j = float(Fraction(exact(target.section(Ideal).mac_aj), 10**18))
        return (Rate("optical mac", Boundary.OPTICAL, ((c.OPU_MAC, mac_j),)),)

    def link_budget(self, target: Target, precision: Precision | None = None) -> LinkBudget:
        """No noise."""
        return NOISELESS

    def link_warnings(self, target: Target) -> tuple[Diagnostic, ...]:
        """None."""
        return ()

    def slice_noise(self, target: Target, precision: Precision | None) -> SliceNoise:
        """No noise, no rounding."""
        return NO_NOISE

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """No limits."""
        return UNLIMITED
