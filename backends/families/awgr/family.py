"""Family ``awgr``: gathers the answers given in the files beside this one."""

from __future__ import annotations

from heliograph.backends import sections as s
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.families import findings
from heliograph.backends.families.analog import AnalogFamily
from heliograph.backends.families.awgr import activity as device_activity
from heliograph.backends.families.awgr import feasibility, timing
from heliograph.backends.families.awgr.detection import detection
from heliograph.backends.families.awgr.rates import rates
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.common import COMMON_SECTIONS, refusal
from heliograph.backends.families.detection import Detection
from heliograph.backends.link import FibreRow
from heliograph.backends.physics.units import spacing_ghz
from heliograph.backends.precision import Precision
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


class AwgrFamily(AnalogFamily):
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

    def hold_ps(self, target: Target) -> int:
        """Ring settling."""
        return timing.hold_ps(target)

    def fill_ps(self, target: Target) -> int:
        """Converters, chip, wavelength skew."""
        return timing.fill_ps(target)

    def detection(self, target: Target, precision: Precision) -> Detection:
        """One partial sum."""
        return detection(target, precision)

    def fibre(self, target: Target) -> tuple[FibreRow, ...]:
        """Distance from edge node to center."""
        rate, nm = target.opu.symbol_rate_gbd, target.awgr.center_nm
        need_ghz = target.tia.bandwidth_per_baud * rate
        return findings.fibre_rows(target, nm, timing.span_nm(target), rate, need_ghz)

    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Device activity of a task."""
        return device_activity.activity(target, task)

    def rates(self, target: Target) -> tuple[Rate, ...]:
        """Price list."""
        return rates(target)

    def link_warnings(self, target: Target) -> tuple[Diagnostic, ...]:
        """HG4005 findings."""
        return feasibility.link_warnings(target, self.link_budget(target))

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
