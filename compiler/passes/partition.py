"""graph -> partitioned: contractions to light, everything else into the largest possible electronic regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends import GemmRequest, family_of
from heliograph.compiler.analysis.macs import macs_of
from heliograph.compiler.analysis.reasons import reason
from heliograph.compiler.contractions import RULES, Lowering, StaysElectronic
from heliograph.compiler.module import main_of, with_main
from heliograph.compiler.passes.base import Notes, Pass
from heliograph.compiler.passes.regions import Placed, build_regions
from heliograph.compiler.unit import Unit
from heliograph.ir.core import Op, ScalarType, TensorType, Value
from heliograph.ir.diagnostics import Diagnostics
from heliograph.ir.dialects import IterSpace

_RANDOM = ("onnx.Random", "onnx.Bernoulli", "onnx.Multinomial")


@dataclass(frozen=True)
class Partition(Pass):
    """Lower every contraction that the target may take; `fallback=error` refuses to leave any on electronics."""

    name: ClassVar[str] = "partition"
    takes: ClassVar[str] = "graph"
    gives: ClassVar[str] = "partitioned"

    fallback: str = "electronic"

    def run(self, unit: Unit, notes: Notes) -> Unit:
        """Place every node. Raises HeliographError HG2004.. for contractions left when `fallback` is error."""
        main = main_of(unit.module)
        mapping: dict[Value, Value] = {}
        args = [Value(a.type, a.name) for a in main.body.args]
        mapping.update(zip(main.body.args, args, strict=True))
        constants: set[Value] = set()
        placed: list[Placed] = []
        refused = Diagnostics()
        for op in main.body.ops[:-1]:
            copy = op.clone(mapping)
            if op.name.startswith("helio."):
                constants.add(copy.result)
                placed.append(Placed(copy, on_light=False, why=""))
                continue
            if copy.operands and all(v in constants for v in copy.operands) and not op.name.startswith(_RANDOM):
                constants.update(copy.results)
            placed += self._place(op, copy, mapping, constants, unit, notes, refused)
        if self.fallback == "error":
            refused.raise_if_errors()
        results = [mapping.get(v, v) for v in main.body.ops[-1].operands]
        ops, results = build_regions(placed, results)
        notes.did("electronic regions", sum(op.name == "electronic.region" for op in ops))
        module = with_main(unit.module, args, [*ops, Op("func.return", results)])
        module.attributes |= {"helio.level": self.gives, "helio.target": unit.target.spelling}
        return unit.with_module(module)

    def _place(
        self,
        op: Op,
        copy: Op,
        mapping: dict[Value, Value],
        constants: set[Value],
        unit: Unit,
        notes: Notes,
        refused: Diagnostics,
    ) -> list[Placed]:
        rule = RULES.get(op.name)
        if rule is None:
            code, text = reason(op)
            return self._electronic(op, copy, code, text, notes, refused)
        if all(v in constants for v in copy.operands):
            return self._electronic(op, copy, "HG2002", "constant at run time", notes, refused)
        lowering = Lowering(unit.weights, frozenset(constants), loc=op.loc)
        try:
            results = rule(copy, lowering)
            for lowered in lowering.ops:
                if lowered.name == "optical.gemm":
                    _check_legal(lowered, constants, unit)
        except StaysElectronic as stays:
            return self._electronic(op, copy, stays.code, stays.reason, notes, refused)
        mapping.update(zip(op.results, results, strict=True))
        constants.update(o.result for o in lowering.ops if o.name == "helio.weight")
        notes.did(f"{op.name.removeprefix('onnx.')} to light")
        why = {"optical.gemm": "", "helio.weight": ""}
        return [
            Placed(o, on_light=o.name == "optical.gemm", why=why.get(o.name, "HG2001: bias and scaling"))
            for o in lowering.ops
        ]

    def _electronic(self, op: Op, copy: Op, code: str, text: str, notes: Notes, refused: Diagnostics) -> list[Placed]:
        macs = macs_of(op)
        kind = op.name.removeprefix("onnx.")
        if macs is not None:
            notes.did_not(kind, text)
            remedy = "drop --fallback error to run it on electronics"
            refused.report(code, text, node=op.loc, op_type=kind, remedy=remedy)
        return [Placed(copy, on_light=False, why=f"{code}: {text}")]


def _check_legal(gemm: Op, constants: set[Value], unit: Unit) -> None:
    """Ask the target's family whether it may take the contraction; raises StaysElectronic when not."""
    space = gemm.attributes["space"]
    assert isinstance(space, IterSpace)
    k, n, m = (int(e) if (e := space.size(r)).is_constant else None for r in "knm")
    kind = gemm.operands[0].type
    assert isinstance(kind, TensorType)
    assert isinstance(kind.element, ScalarType)
    lhs, rhs = gemm.operands
    request = GemmRequest(
        k=k, n=n, m=m, lhs_constant=lhs in constants, rhs_constant=rhs in constants, element_type=kind.element.name
    )
    refusal = family_of(unit.target).legality(unit.target, request)
    if refusal is not None:
        raise StaysElectronic("HG2004", refusal)
