"""graph -> partitioned: contractions to light, everything else into the largest possible electronic regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from heliograph.backends import GemmRequest, family_of
from heliograph.compiler.analysis.macs import macs_of
from heliograph.compiler.analysis.reasons import reason
from heliograph.compiler.contractions import RULES, Lowering, Rule, StaysElectronic
from heliograph.compiler.control import CONTROL_OPS, bodies, control_shell, has_contraction
from heliograph.compiler.expansions import EXPANSIONS, Expansion
from heliograph.compiler.module import main_of, with_main
from heliograph.compiler.passes.base import Notes, Pass
from heliograph.compiler.passes.regions import Placed, build_regions
from heliograph.compiler.unit import Unit
from heliograph.ir.core import Block, Op, Region, ScalarType, TensorType, Value, walk
from heliograph.ir.diagnostics import Diagnostics
from heliograph.ir.dialects import IterSpace, is_prepared

_RANDOM = ("onnx.Random", "onnx.Bernoulli", "onnx.Multinomial", "onnx.Dropout")
_SCALING = ("onnx.Add", "onnx.Sub", "onnx.Mul", "onnx.Div")


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
        worker = _Partitioner(unit, notes)
        args, ops, results = worker.block(main.body)
        if self.fallback == "error":
            worker.refused.raise_if_errors()
        module = with_main(unit.module, args, [*ops, Op("func.return", results)])
        regions = [op for op in walk(module) if op.name == "electronic.region"]
        notes.did("electronic regions", len(regions))
        notes.did("operands computed once from constants", sum(len(op.results) for op in regions if is_prepared(op)))
        module.attributes |= {"helio.level": self.gives, "helio.target": unit.target.spelling}
        return unit.with_module(module)


class _Partitioner:
    """Places the ops of a block, and of bodies of control flow in it."""

    def __init__(self, unit: Unit, notes: Notes) -> None:
        self._unit, self._notes = unit, notes
        self._mapping: dict[Value, Value] = {}
        self._constants: set[Value] = set()
        self._leaves: dict[Value, Op] = {}
        self.refused = Diagnostics()

    def block(self, block: Block) -> tuple[list[Value], list[Op], list[Value]]:
        """Arguments, ops and yielded values of the block at the partitioned level."""
        args = [Value(a.type, a.name) for a in block.args]
        self._mapping.update(zip(block.args, args, strict=True))
        placed: list[Placed] = []
        for op in block.ops[:-1]:
            placed += self._place(op)
        results = [self._mapping.get(v, v) for v in block.ops[-1].operands]
        ops, results = build_regions(placed, results, self._leaves)
        return args, ops, results

    def _place(self, op: Op) -> list[Placed]:
        if op.name.startswith("helio."):
            copy = op.clone(self._mapping)
            self._constants.add(copy.result)
            self._leaves[copy.result] = copy
            return [Placed(copy, on_light=False, why="")]
        expansion = EXPANSIONS.get(op.name)
        if expansion is not None:
            return self._expand(op, expansion)
        if op.name in CONTROL_OPS and has_contraction(op):
            return [Placed(self._control(op), on_light=True, why="")]
        rule = RULES.get(op.name)
        if rule is None:
            return self._electronic(op, *reason(op))
        return self._contraction(op, rule)

    def _contraction(self, op: Op, rule: Rule) -> list[Placed]:
        operands = [self._mapping.get(v, v) for v in op.operands]
        if all(v in self._constants for v in operands):
            return self._electronic(op, "HG2002", "constant at run time")
        moved = Op(op.name, operands, [r.type for r in op.results], op.attributes, loc=op.loc)
        lowering = Lowering(self._unit.weights, frozenset(self._constants), loc=op.loc)
        try:
            results = rule(moved, lowering)
            constants = set(self._constants)
            for lowered in lowering.ops:
                if lowered.name == "optical.gemm":
                    _check_legal(lowered, constants, self._unit)
                elif _is_constant(lowered, constants):
                    constants.update(lowered.results)
        except StaysElectronic as stays:
            return self._electronic(op, stays.code, stays.reason)
        for old, new in zip(op.results, results, strict=True):
            new.name = new.name or old.name
            self._mapping[old] = new
        self._notes.did(f"{op.name.removeprefix('onnx.')} to light")
        self._constants = constants
        placed = []
        for lowered in lowering.ops:
            if lowered.name.startswith("helio."):
                self._leaves[lowered.result] = lowered
            on_light, constant = lowered.name == "optical.gemm", _is_constant(lowered, constants)
            placed.append(Placed(lowered, on_light, _part_reason(lowered, op), constant))
        return placed

    def _expand(self, op: Op, expansion: Expansion) -> list[Placed]:
        """Place the ONNX ops that spell out `op` (recurrent networks), when they do."""
        try:
            ops, results = expansion(op)
        except StaysElectronic as stays:
            return self._electronic(op, stays.code, stays.reason)
        self._notes.did(f"{op.name.removeprefix('onnx.')} spelled out")
        placed = [p for inner in ops for p in self._place(inner)]
        self._mapping.update({old: self._mapping.get(v, v) for old, v in zip(op.results, results, strict=True)})
        return placed

    def _control(self, op: Op) -> Op:
        """If, Loop or Scan with partitioned bodies."""
        copy = control_shell(op, [self._mapping.get(v, v) for v in op.operands])
        for region in bodies(op):
            args, ops, results = self.block(region.block)
            copy.regions.append(Region([Block(args, [*ops, Op("control.yield", results)])]))
        self._mapping.update(zip(op.results, copy.results, strict=True))
        self._notes.did(f"{op.name.removeprefix('onnx.')} with light in its body")
        return copy

    def _electronic(self, op: Op, code: str, text: str) -> list[Placed]:
        copy = op.clone(self._mapping)
        constant = _is_constant(copy, self._constants)
        if constant:
            self._constants.update(copy.results)
        kind = op.name.removeprefix("onnx.")
        if macs_of(op) is not None:
            self._notes.did_not(kind, text)
            remedy = "drop --fallback error to run it on electronics"
            self.refused.report(code, text, node=op.loc, op_type=kind, remedy=remedy)
        return [Placed(copy, on_light=False, why=f"{code}: {text}", constant=constant)]


def _is_constant(op: Op, constants: set[Value]) -> bool:
    """Whether results are the same, and of the same size, in every run: leaves and what depends on them only."""
    if op.name.startswith("helio."):
        return True
    if not op.operands or op.regions or op.name.startswith(("optical.", *_RANDOM)):
        return False
    shapes = [r.type.shape if isinstance(r.type, TensorType) else None for r in op.results]
    fixed = all(shape is not None and all(size.is_constant for size in shape) for shape in shapes)
    return fixed and all(v in constants for v in op.operands)


def _part_reason(part: Op, whole: Op) -> str:
    """Why an op that a rule for `whole` emitted does not run on light."""
    if part.name.startswith(("helio.", "optical.")):
        return ""
    if part.name in _SCALING and "Attention" not in whole.name:
        return "HG2001: bias and scaling"
    return ": ".join(reason(part))


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
