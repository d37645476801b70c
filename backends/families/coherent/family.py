"""Family ``coherent``: gathers the answers given in the files beside this one."""

from __future__ import annotations

from heliograph.backends import sections as s
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.families import findings
from heliograph.backends.families.analog import AnalogFamily
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.coherent import cost
from heliograph.backends.families.coherent.detection import detection
from heliograph.backends.families.coherent.hardware import core
from heliograph.backends.families.coherent.sections import CoherentNoise, Dptc
from heliograph.backends.families.common import COMMON_SECTIONS, chain_ps, comb_plan, field_signs, refusal
from heliograph.backends.families.detection import Detection
from heliograph.backends.physics.units import exact
from heliograph.backends.precision import Precision
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic

_OPTICS: tuple[type[s.Section], ...] = (
    s.Laser,
    s.Encoder,
    Dptc,
    s.Grid,
    s.Photodiode,
    s.Tia,
    s.Dac,
    s.Adc,
    s.Formats,
    s.Accounting,
    CoherentNoise,
)


class CoherentFamily(AnalogFamily):
    """Stateless; see `heliograph.backends.families.base.Family` for the meaning of each method."""

    __slots__ = ()
    name = "coherent"
    signed_inputs = True
    sections: tuple[type[s.Section], ...] = (*COMMON_SECTIONS, *_OPTICS)

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """Steps that are no whole number of symbols, and sign schemes of intensities."""
        ports, lines = target.opu.ports_in, target.section(Dptc).wavelengths
        if ports % lines == 0:
            return field_signs(target)
        text = f"opu.ports_in = {ports} is no multiple of dptc.wavelengths = {lines}: a step takes whole symbols"
        remedy = f"opu.ports_in={-(-ports // lines) * lines}"
        return (Diagnostic("HG4003", text, remedy=remedy), *field_signs(target))

    def legality(self, target: Target, request: GemmRequest) -> str | None:
        """Any real contraction: both operands are modulated anew for every symbol, known before or not."""
        return refusal(request)

    def hold_ps(self, target: Target) -> int:
        """Nothing is held."""
        return 0

    def fill_ps(self, target: Target) -> int:
        """Converters and array, and all symbols of a step but the first."""
        made = core(target)
        waiting = (made.symbols - 1) * 1000 / exact(made.clock_gbd)
        return chain_ps(target.dac, target.section(Dptc), target.tia, target.adc, waiting=waiting)

    def detection(self, target: Target, precision: Precision) -> Detection:
        """One partial sum."""
        return detection(target)

    def activity(self, target: Target, task: GemmActivity) -> Activity:
        """Device activity of a task."""
        return cost.activity(target, task)

    def rates(self, target: Target) -> tuple[Rate, ...]:
        """Price list."""
        return cost.rates(target)

    def link_warnings(self, target: Target) -> tuple[Diagnostic, ...]:
        """HG4005 findings."""
        found, made, remedy = detection(target), core(target), "more launch power, or a smaller array"
        rows = (
            findings.noise(self.link_budget(target), f"{remedy}, or precision.repeats"),
            findings.photons(
                found.received_dbm, found.power_w, target.section(s.Grid).center_nm, made.clock_gbd, remedy
            ),
        )
        return tuple(d for d in rows if d is not None)

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """One comb on every row and column: a channel per wavelength, all within one FSR of the router rings."""
        made = core(target)
        return comb_plan(target.section(s.Grid), made.wavelengths, 1, made.clock_gbd)
