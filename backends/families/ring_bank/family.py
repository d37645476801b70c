"""Family ``ring_bank``: gathers the answers given in the files beside this one."""

from __future__ import annotations

from fractions import Fraction

from heliograph.backends import sections as s
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.families import findings
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.common import COMMON_SECTIONS, CommonTiming, refusal
from heliograph.backends.families.detection import budget_of, slice_of
from heliograph.backends.families.ring_bank import cost
from heliograph.backends.families.ring_bank.detection import detection
from heliograph.backends.families.ring_bank.sections import Bank, BankNoise, InputRing
from heliograph.backends.link import LinkBudget
from heliograph.backends.physics.devices import ring_linewidth_ghz
from heliograph.backends.physics.units import ceil_ps, exact
from heliograph.backends.precision import Precision
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic

_OPTICS: tuple[type[s.Section], ...] = (
    s.Laser,
    InputRing,
    s.Ring,
    Bank,
    s.Grid,
    s.Photodiode,
    s.Tia,
    s.Dac,
    s.Adc,
    s.Formats,
    BankNoise,
)


class RingBankFamily(CommonTiming):
    """Stateless; see `heliograph.backends.families.base.Family` for the meaning of each method."""

    __slots__ = ()
    name = "ring_bank"
    sections: tuple[type[s.Section], ...] = (*COMMON_SECTIONS, *_OPTICS)

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """One waveguide carries one input vector: the orders of the rings are all in use by its lines."""
        if target.opu.fsr_orders == 1:
            return ()
        text = f"opu.fsr_orders = {target.opu.fsr_orders}: a ring bank carries one vector at a time"
        return (Diagnostic("HG4003", text, remedy="opu.fsr_orders=1, and opu.count for more units"),)

    def legality(self, target: Target, request: GemmRequest) -> str | None:
        """Any real contraction: a right operand computed at run time is written into the rings like a constant
        one, and what that costs (ring.settle_ns per tile) is the scheduler's business.
        """
        return refusal(request)

    def precision(self, target: Target) -> Precision:
        """Formats of section precision, with the ADC's effective bits."""
        return Precision.of(target.formats, target.adc.enob)

    def hold_ps(self, target: Target) -> int:
        """Ring settling."""
        return ceil_ps(exact(target.ring.settle_ns) * 1000)

    def fill_ps(self, target: Target) -> int:
        """Converters and chip."""
        stages = (target.dac, target.section(Bank), target.tia, target.adc)
        return ceil_ps(sum((exact(stage.latency_ps) for stage in stages), start=Fraction(0)))

    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Device activity of a task."""
        return cost.activity(target, task)

    def full_second(self, target: Target, rails: int) -> Activity:
        """One second at full use."""
        return cost.full_second(target, rails)

    def rates(self, target: Target) -> tuple[Rate, ...]:
        """Price list."""
        return cost.rates(target)

    def link_budget(self, target: Target) -> LinkBudget:
        """Power and noise for the target's own formats."""
        precision = self.precision(target)
        return budget_of(detection(target, precision), precision)

    def link_warnings(self, target: Target) -> tuple[Diagnostic, ...]:
        """HG4005 findings."""
        found, rate, nm = detection(target, self.precision(target)), target.opu.symbol_rate_gbd, self._nm(target)
        remedy, q_factor = "more launch power, or fewer ports", target.ring.q_factor
        rows = (
            findings.ring_lifetime(ring_linewidth_ghz(q_factor, nm), rate, q_factor),
            findings.noise(self.link_budget(target), f"{remedy}, or precision.repeats"),
            findings.photons(found.received_dbm, found.power_w, nm, rate, remedy),
        )
        return tuple(d for d in rows if d is not None)

    def slice_noise(self, target: Target, precision: Precision | None) -> SliceNoise:
        """For the given formats, or the target's own."""
        precision = precision or self.precision(target)
        return slice_of(detection(target, precision), precision)

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """One line per input, on one waveguide, within one FSR of the rings."""
        grid, rate = target.section(s.Grid), target.opu.symbol_rate_gbd
        return WavelengthPlan(
            ports_in=target.opu.ports_in,
            ports_out=1,
            orders=1,
            center_nm=grid.center_nm,
            spacing_nm=grid.spacing_nm,
            fsr_nm=grid.fsr_nm,
            wrap=False,
            occupied_ghz=rate,
            passband_ghz=rate,
        )

    @staticmethod
    def _nm(target: Target) -> float:
        return target.section(s.Grid).center_nm
