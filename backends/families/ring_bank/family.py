"""Family ``ring_bank``: gathers the answers given in the files beside this one."""

from __future__ import annotations

from heliograph.backends import sections as s
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.families import findings
from heliograph.backends.families.analog import AnalogFamily
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.common import COMMON_SECTIONS, chain_ps, comb_plan, one_vector, refusal
from heliograph.backends.families.detection import Detection
from heliograph.backends.families.ring_bank import cost
from heliograph.backends.families.ring_bank.detection import detection
from heliograph.backends.families.ring_bank.sections import Bank, BankNoise, InputRing
from heliograph.backends.physics.devices import ring_linewidth_ghz
from heliograph.backends.physics.units import ceil_ps, exact
from heliograph.backends.precision import Precision
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
    s.Accounting,
    BankNoise,
)


class RingBankFamily(AnalogFamily):
    """Stateless; see `heliograph.backends.families.base.Family` for the meaning of each method."""

    __slots__ = ()
    name = "ring_bank"
    sections: tuple[type[s.Section], ...] = (*COMMON_SECTIONS, *_OPTICS)

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """One waveguide carries one input vector: the orders of the rings are all in use by its lines."""
        return one_vector(target, "a ring bank carries one vector at a time", "units")

    def legality(self, target: Target, request: GemmRequest) -> str | None:
        """Any real contraction: a right operand computed at run time is written into the rings like a constant
        one, and what that costs (ring.settle_ns per tile) is the scheduler's business.
        """
        return refusal(request)

    def hold_ps(self, target: Target) -> int:
        """Ring settling."""
        return ceil_ps(exact(target.ring.settle_ns) * 1000)

    def fill_ps(self, target: Target) -> int:
        """Converters and chip."""
        return chain_ps(target.dac, target.section(Bank), target.tia, target.adc)

    def detection(self, target: Target, precision: Precision) -> Detection:
        """One partial sum."""
        return detection(target, precision)

    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Device activity of a task."""
        return cost.activity(target, task)

    def rates(self, target: Target) -> tuple[Rate, ...]:
        """Price list."""
        return cost.rates(target)

    def link_warnings(self, target: Target) -> tuple[Diagnostic, ...]:
        """HG4005 findings."""
        found, rate = detection(target, self.precision(target)), target.opu.symbol_rate_gbd
        nm = target.section(s.Grid).center_nm
        remedy, q_factor = "more launch power, or fewer ports", target.ring.q_factor
        rows = (
            findings.ring_lifetime(ring_linewidth_ghz(q_factor, nm), rate, q_factor),
            findings.noise(self.link_budget(target), f"{remedy}, or precision.repeats"),
            findings.photons(found.received_dbm, found.power_w, nm, rate, remedy),
        )
        return tuple(d for d in rows if d is not None)

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """One line per input, on one waveguide, within one FSR of the rings."""
        return comb_plan(target.section(s.Grid), target.opu.ports_in, 1, target.opu.symbol_rate_gbd)
