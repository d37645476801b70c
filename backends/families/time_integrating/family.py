"""Family ``time_integrating``: gathers the answers given in the files beside this one."""

from __future__ import annotations

from fractions import Fraction

from heliograph.backends import sections as s
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.families import findings
from heliograph.backends.families.analog import AnalogFamily
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.common import COMMON_SECTIONS, chain_ps, comb_plan, one_vector, refusal
from heliograph.backends.families.detection import Detection
from heliograph.backends.families.time_integrating import cost
from heliograph.backends.families.time_integrating.detection import clock, detection, overflow
from heliograph.backends.families.time_integrating.sections import Demux, Integrator, Server, StreamNoise
from heliograph.backends.link import FibreRow
from heliograph.backends.physics.fibre import walk_off_ps
from heliograph.backends.physics.units import exact
from heliograph.backends.precision import Precision
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


class TimeIntegratingFamily(AnalogFamily):
    """Stateless; see `heliograph.backends.families.base.Family` for the meaning of each method."""

    __slots__ = ()
    name = "time_integrating"
    sections: tuple[type[s.Section], ...] = (*COMMON_SECTIONS, *_OPTICS)

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """One modulator puts one input on all wavelengths at a time."""
        return one_vector(target, "a client multiplies one vector at a time", "clients")

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

    def hold_ps(self, target: Target) -> int:
        """Nothing is held: weights arrive with the light, sent ahead of time."""
        return 0

    def fill_ps(self, target: Target) -> int:
        """Converters, the symbols of a step but the first, and what the wavelengths drift apart on the fibre."""
        opu = target.opu
        span_nm = (opu.ports_out - 1) * target.section(s.Grid).spacing_nm
        skew_ps = walk_off_ps(target.cloud.fibre_km, target.fibre.dispersion_ps_per_nm_km, span_nm)
        window = Fraction(1000) / exact(opu.symbol_rate_gbd) * (opu.ports_in - 1) / opu.ports_in
        return chain_ps(target.dac, target.section(Integrator), target.adc, waiting=window + exact(skew_ps))

    def fibre_ps(self, target: Target) -> int:
        """None: inputs and results stay with the client; the fibre carries weights, which are sent ahead of time."""
        return 0

    def detection(self, target: Target, precision: Precision) -> Detection:
        """One partial sum."""
        return detection(target, precision)

    def fibre(self, target: Target) -> tuple[FibreRow, ...]:
        """Distance from the server of the weights to its clients."""
        rate, grid = clock(target), target.section(s.Grid)
        span_nm = (target.opu.ports_out - 1) * grid.spacing_nm
        return findings.fibre_rows(target, grid.center_nm, span_nm, rate, _NEED * rate)

    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Device activity of a task."""
        return cost.activity(target, task)

    def rates(self, target: Target) -> tuple[Rate, ...]:
        """Price list."""
        return cost.rates(target)

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

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """One line per output on one fibre, within one FSR of the demultiplexer."""
        return comb_plan(target.section(s.Grid), 1, target.opu.ports_out, clock(target))

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
