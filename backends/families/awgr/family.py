"""Family ``awgr``: gathers the answers given in the files beside this one."""

from __future__ import annotations

from dataclasses import replace

from heliograph.backends import sections as s
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.families import findings
from heliograph.backends.families.awgr import activity as device_activity
from heliograph.backends.families.awgr import feasibility, timing
from heliograph.backends.families.awgr.detection import detection
from heliograph.backends.families.awgr.rates import rates
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.common import COMMON_SECTIONS, CommonTiming, refusal
from heliograph.backends.families.detection import budget_of, slice_of
from heliograph.backends.link import LinkBudget
from heliograph.backends.physics.units import spacing_ghz
from heliograph.backends.precision import Precision
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic

_MAX_PORTS = 512  # of a router; larger ones have not been made

_OPTICS: tuple[type[s.Section], ...] = (
    s.Laser,
    s.Mzm,
    s.Ring,
    s.Awgr,
    s.Photodiode,
    s.Tia,
    s.Dac,
    s.Adc,
    s.Edfa,
    s.Roadm,
    s.Fibre,
    s.Path,
    s.Formats,
    s.Noise,
)


class AwgrFamily(CommonTiming):
    """Stateless; see `heliograph.backends.families.base.Family` for the meaning of each method."""

    __slots__ = ()
    name = "awgr"
    sections: tuple[type[s.Section], ...] = (*COMMON_SECTIONS, *_OPTICS)

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """Routers no one can make, and passbands wider than the grid."""
        found = []
        ports = max(target.opu.ports_in, target.opu.ports_out)
        if ports > _MAX_PORTS:
            found.append(Diagnostic("HG4003", f"a router of {ports} ports (at most {_MAX_PORTS})"))
        grid_ghz = spacing_ghz(target.awgr.center_nm, target.awgr.spacing_nm)
        if target.awgr.passband_ghz > grid_ghz:
            found.append(
                Diagnostic(
                    "HG4003",
                    f"awgr.passband_ghz = {target.awgr.passband_ghz:g} exceeds the spacing of {grid_ghz:.1f} GHz "
                    f"(awgr.spacing_nm = {target.awgr.spacing_nm:g})",
                    remedy="a narrower passband or a wider spacing",
                )
            )
        return tuple(found)

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
        return timing.hold_ps(target)

    def fill_ps(self, target: Target) -> int:
        """Converters, chip, wavelength skew."""
        return timing.fill_ps(target)

    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Device activity of a task."""
        return device_activity.activity(target, task)

    def full_second(self, target: Target, rails: int) -> Activity:
        """One second at full use."""
        return device_activity.full_second(target, rails)

    def rates(self, target: Target) -> tuple[Rate, ...]:
        """Price list."""
        return rates(target)

    def link_budget(self, target: Target) -> LinkBudget:
        """Power and noise for the target's own formats."""
        precision = self.precision(target)
        found = budget_of(detection(target, precision), precision)
        rate, nm = target.opu.symbol_rate_gbd, target.awgr.center_nm
        need_ghz = target.tia.bandwidth_per_baud * rate
        return replace(found, fibre=findings.fibre_rows(target, nm, timing.span_nm(target), rate, need_ghz))

    def link_warnings(self, target: Target) -> tuple[Diagnostic, ...]:
        """HG4005 findings."""
        return feasibility.link_warnings(target, self.link_budget(target))

    def slice_noise(self, target: Target, precision: Precision | None) -> SliceNoise:
        """For the given formats, or the target's own."""
        precision = precision or self.precision(target)
        return slice_of(detection(target, precision), precision)

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """The paper's plan; a modulated channel occupies one symbol rate of bandwidth."""
        opu, awgr = target.opu, target.awgr
        return WavelengthPlan(
            ports_in=opu.ports_in,
            ports_out=opu.ports_out,
            orders=opu.fsr_orders,
            center_nm=awgr.center_nm,
            spacing_nm=awgr.spacing_nm,
            fsr_nm=awgr.fsr_nm,
            wrap=awgr.wrap,
            occupied_ghz=opu.symbol_rate_gbd,
            passband_ghz=awgr.passband_ghz,
        )
