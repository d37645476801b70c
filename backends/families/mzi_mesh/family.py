"""Family ``mzi_mesh``: gathers the answers given in the files beside this one."""

from __future__ import annotations

from heliograph.backends import sections as s
from heliograph.backends.cost.activity import Activity
from heliograph.backends.cost.bill import Rate
from heliograph.backends.families import findings
from heliograph.backends.families.analog import AnalogFamily
from heliograph.backends.families.base import GemmActivity, GemmRequest
from heliograph.backends.families.common import COMMON_SECTIONS, chain_ps, field_signs, one_vector, refusal
from heliograph.backends.families.detection import Detection
from heliograph.backends.families.mzi_mesh import cost
from heliograph.backends.families.mzi_mesh.detection import detection
from heliograph.backends.families.mzi_mesh.sections import Mesh, MeshNoise
from heliograph.backends.physics.units import ceil_ps, exact
from heliograph.backends.precision import Precision
from heliograph.backends.target import Target
from heliograph.backends.wavelengths import UNLIMITED, WavelengthPlan
from heliograph.ir.diagnostics import Diagnostic

_OPTICS: tuple[type[s.Section], ...] = (
    s.Laser,
    s.Encoder,
    Mesh,
    s.Photodiode,
    s.Tia,
    s.Dac,
    s.Adc,
    s.Formats,
    s.Accounting,
    MeshNoise,
)
_NM = 1550.0  # photons are counted in the C band


class MziMeshFamily(AnalogFamily):
    """Stateless; see `heliograph.backends.families.base.Family` for the meaning of each method."""

    __slots__ = ()
    name = "mzi_mesh"
    signed_inputs = True
    sections: tuple[type[s.Section], ...] = (*COMMON_SECTIONS, *_OPTICS)

    def problems(self, target: Target) -> tuple[Diagnostic, ...]:
        """One vector at a time; fields carry signs by themselves."""
        return (*one_vector(target, "a mesh carries one vector at a time", "units"), *field_signs(target))

    def legality(self, target: Target, request: GemmRequest) -> str | None:
        """Constant weights only: a right operand known at run time needs a decomposition and a reprogramming first."""
        if (reason := refusal(request)) is not None or request.rhs_constant:
            return reason
        settle_us, opu = target.section(Mesh).settle_us, target.opu
        symbols = float(exact(settle_us) * 1000 * exact(opu.symbol_rate_gbd))
        return (
            f"the right operand is computed at run time: every {opu.ports_in} x {opu.ports_out} block of it would need "
            f"a singular-value decomposition and {settle_us:g} us to program the mesh, the time of {symbols:,.0f} "
            "symbols; a coherent or ring target takes such products"
        )

    def hold_ps(self, target: Target) -> int:
        """All phases are set at once, then settle."""
        return ceil_ps(exact(target.section(Mesh).settle_us) * 1_000_000)

    def fill_ps(self, target: Target) -> int:
        """Converters and chip."""
        return chain_ps(target.dac, target.section(Mesh), target.tia, target.adc)

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
        found, remedy = detection(target), "more launch power, or fewer ports"
        rows = (
            findings.noise(self.link_budget(target), f"{remedy}, or precision.repeats"),
            findings.photons(found.received_dbm, found.power_w, _NM, target.opu.symbol_rate_gbd, remedy),
        )
        return tuple(d for d in rows if d is not None)

    def wavelength_plan(self, target: Target) -> WavelengthPlan:
        """One wavelength: nothing to plan."""
        return UNLIMITED
