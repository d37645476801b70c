"""tiled -> tiled: check the light of every kernel and give it its wavelength plan; FSR orders carry vectors in
parallel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from heliograph.backends import check_link, family_of, wavelength_plan
from heliograph.compiler.module import kernels_of
from heliograph.compiler.passes.base import Notes, Pass
from heliograph.compiler.unit import Unit
from heliograph.ir.core import Block, Op, Region
from heliograph.ir.diagnostics import HeliographError, error
from heliograph.ir.dialects import Wdm
from heliograph.ir.kernel import KernelView, build_kernel


@dataclass(frozen=True)
class AssignWavelengths(Pass):
    """Check that light reaches the detectors, and the router's plan for collisions and FSR aliases; then stream one
    vector per FSR order."""

    name: ClassVar[str] = "assign-wavelengths"
    takes: ClassVar[str] = "tiled"
    gives: ClassVar[str] = "tiled"

    guard_ghz: float = 12.5

    def run(self, unit: Unit, notes: Notes) -> Unit:
        """Raises HeliographError HG4005 when a detector sees no light, HG4006 when two channels collide or alias."""
        if not 0 <= self.guard_ghz <= 1000:
            raise error("HG1302", f"{self.spelling}: guard-ghz is between 0 and 1000")
        if kernels_of(unit.module):
            check_link(unit.target)
        plan = wavelength_plan(unit.target)
        if not plan.ports_in:
            notes.did_not("wavelength plan", "the target has no wavelength limits")
            return unit
        problems = plan.check(self.guard_ghz)
        if problems:
            raise HeliographError(problems)
        wdm = Wdm(plan.center_nm, plan.spacing_nm, plan.fsr_nm, plan.orders, (plan.ports_in, plan.ports_out), plan.wrap)
        vectors = family_of(unit.target).tile(unit.target).vectors
        functions: list[Op] = []
        for func in unit.module.body.ops:
            if func.name == "func.func" and func.sym_name != "main":
                spec = replace(KernelView.of(func).spec, vectors=vectors, wdm=wdm)
                functions.append(build_kernel(func.sym_name, spec))
                notes.did(f"kernels on {plan.ports_in * plan.ports_out * plan.orders} channels")
            else:
                functions.append(func)
        body = Region([Block([], functions)])
        return unit.with_module(Op("builtin.module", attributes=unit.module.attributes, regions=[body]))
