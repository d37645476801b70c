"""Family ``time_integrating``: gathers the answers given in the files beside this one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from heliograph.backends import sections as s
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.families import findings
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.common import COMMON_SECTIONS, CommonTiming, refusal
from heliograph.backends.families.detection import budget_of, slice_of
from heliograph.backends.families.time_integrating import cost
from heliograph.backends.families.time_integrating.detection import clock, detection, overflow
from heliograph.backends.families.time_integrating.sections import Demux, Integrator, Server, StreamNoise
from heliograph.backends.link import LinkBudget
from heliograph.backends.physics.fibre import walk_off_ps
from heliograph.backends.physics.units import ceil_ps, exact
from heliograph.backends.precision import Precision
from heliograph.backends.slices import SliceNoise
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic

_OPTICS: tuple[type[s.Section], ...] = (
    s.Laser,
    Server,
    s.Fibre,
    s.Mzm,
    Demux,
    s.Grid,
    s.Photodiode,
    Integrator,
    s.Dac,
    s.Adc,
    s.Formats,
    StreamNoise,
)
_NEED = 0.7  # bandwidth per symbol rate that modulation must survive on the fibre


class TimeIntegratingFamily(CommonTiming):
    """Stateless; see `heliograph.backends.families.base.Family` for the meaning of each method."""

    __slots__ = ()
    name = "time_integrating"
    sections: tuple[type[s.Section], ...] = (*COMMON_SECTIONS, *_OPTICS)

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """One modulator puts one input on all wavelengths at a time."""
        if target.opu.fsr_orders == 1:
            return ()
        text = f"opu.fsr_orders = {target.opu.fsr_orders}: a client multiplies one vector at a time"
        return (Diagnostic("HG4003", text, remedy="opu.fsr_orders=1, and opu.count for more clients"),)

    def legality(self, target: Target, request: GemmRequest) -> str | None:
        """Constant weights only: the server streams what it has, the client has nothing to send."""
        if (reason := refusal(request)) is not None or request.rhs_constant:
            return reason
        km, round_us = target.cloud.fibre_km, 2 * super().fibre_ps(target) / 1e6
        return (
            f"the right operand is computed at run time by the client, and only the server, {km:g} km away, puts "
            f"weights on light: sending it there and back takes {round_us:,.0f} us; a coherent or ring target takes "
            "such products"
        )

    def precision(self, target: Target) -> Precision:
        """Formats of section precision, with the ADC's effective bits."""
        return Precision.of(target.formats, target.adc.enob)

    def hold_ps(self, target: Target) -> int:
        """Nothing is held: weights arrive with the light, sent ahead of time."""
        return 0

    def fill_ps(self, target: Target) -> int:
        """Converters, the symbols of a step but the first, and what the wavelengths drift apart on the fibre."""
        opu = target.opu
        span_nm = (opu.ports_out - 1) * target.section(s.Grid).spacing_nm
        skew_ps = walk_off_ps(target.cloud.fibre_km, target.fibre.dispersion_ps_per_nm_km, span_nm)
        window = Fraction(1000) / exact(opu.symbol_rate_gbd) * (opu.ports_in - 1) / opu.ports_in
        stages = (target.dac, target.section(Integrator), target.adc)
        return ceil_ps(sum((exact(stage.latency_ps) for stage in stages), start=window + exact(skew_ps)))

    def fibre_ps(self, target: Target) -> int:
        """None: inputs and results stay with the client; the fibre carries weights, which are sent ahead of time."""
        return 0

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
        found, rate, grid = budget_of(detection(target, precision), precision), clock(target), target.section(s.Grid)
        span_nm = (target.opu.ports_out - 1) * grid.spacing_nm
        return replace(found, fibre=findings.fibre_rows(target, grid.center_nm, span_nm, rate, _NEED * rate))

    def link_warnings(self, target: Target) -> tuple[Diagnostic, ...]:
        """HG4005 findings."""
        found, rate, nm = detection(target, self.precision(target)), clock(target), target.section(s.Grid).center_nm
        remedy, km = "more launch power, less fibre, or fewer clients", target.cloud.fibre_km
        rows = (
            findings.dispersion(km, target.fibre.dispersion_ps_per_nm_km, nm, rate, _NEED * rate),
            findings.noise(self.link_budget(target), f"{remedy}, or precision.repeats"),
            findings.photons(found.received_dbm, found.power_w, nm, rate, remedy),
            self._overflow(target, found.power_w),
        )
        return tuple(d for d in rows if d is not None)

    def slice_noise(self, target: Target, precision: Precision | None) -> SliceNoise:
        """For the given formats, or the target's own."""
        precision = precision or self.precision(target)
        return slice_of(detection(target, precision), precision)

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """One line per output on one fibre, within one FSR of the demultiplexer."""
        grid, rate = target.section(s.Grid), clock(target)
        return WavelengthPlan(
            ports_in=1,
            ports_out=target.opu.ports_out,
            orders=1,
            center_nm=grid.center_nm,
            spacing_nm=grid.spacing_nm,
            fsr_nm=grid.fsr_nm,
            wrap=False,
            occupied_ghz=rate,
            passband_ghz=rate,
        )

    @staticmethod
    def _overflow(target: Target, power_w: float) -> Diagnostic | None:
        times, box = overflow(target, power_w), target.section(Integrator)
        if times <= 1:
            return None
        return findings.finding(
            f"{target.opu.ports_in} symbols at full light fill the capacitor of {box.capacitance_ff:g} fF {times:.3g} "
            f"times over at {box.swing_v:g} V",
            f"integrator.capacitance_ff of at least {box.capacitance_ff * times:.3g}, or less light",
        )
