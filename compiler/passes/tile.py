"""partitioned -> tiled: contractions become calls of kernels, symbolic loops over tiles.

Equal shapes and formats share one kernel. The gather before and the scatter after a call are im2col and col2im;
the electronic work they cause is counted on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, cast

from heliograph.backends import Tile as TileShape
from heliograph.backends import family_of
from heliograph.compiler.analysis.work import element_bits
from heliograph.compiler.module import main_of, rebuild, with_main
from heliograph.compiler.passes.base import Notes, Pass
from heliograph.compiler.unit import Unit
from heliograph.ir.core import AttributeValue, Op, ScalarType, SymbolRef, SymExpr, TensorType, Value, sym
from heliograph.ir.dialects import AccessMap, Adc, IterSpace, Quant, Work, is_prepared
from heliograph.ir.kernel import KernelSpec, build_kernel


@dataclass(frozen=True)
class Tile(Pass):
    """Cut contractions into tiles of the target; sizes may stay symbolic."""

    name: ClassVar[str] = "tile"
    takes: ClassVar[str] = "partitioned"
    gives: ClassVar[str] = "tiled"

    def run(self, unit: Unit, notes: Notes) -> Unit:
        """Replace each `optical.gemm` by gather, call and scatter."""
        tiler = _Tiler(family_of(unit.target).tile(unit.target), notes)
        main = main_of(unit.module)
        args = [Value(a.type, a.name) for a in main.body.args]
        tiler.mapping.update(zip(main.body.args, args, strict=True))
        ops = rebuild(main.body.ops, tiler.mapping, tiler.emit)
        kernels = [build_kernel(name, spec) for spec, name in tiler.kernels.items()]
        module = with_main(unit.module, args, ops, kernels)
        module.attributes["helio.level"] = self.gives
        return unit.with_module(module)


@dataclass
class _Tiler:
    shape: TileShape
    notes: Notes
    mapping: dict[Value, Value] = field(default_factory=dict)
    constants: set[Value] = field(default_factory=set)
    kernels: dict[KernelSpec, str] = field(default_factory=dict)
    layer: int = 0

    def emit(self, op: Op) -> list[Op]:
        """What replaces one op."""
        if op.name == "optical.gemm":
            return self._gemm(op)
        copy = op.clone(self.mapping)
        if op.name == "helio.weight" or is_prepared(op):
            self.constants.update(copy.results)
        return [copy]

    def _gemm(self, op: Op) -> list[Op]:
        space, out_map = op.attributes["space"], op.attributes["out"]
        assert isinstance(space, IterSpace)
        assert isinstance(out_map, AccessMap)
        lhs, rhs = (self.mapping[v] for v in op.operands)
        spec = self._spec(op, space)
        kernel = self._kernel(spec)
        x = self._gather(op, lhs, space, "lhs", "bmk", spec.lhs)
        w = self._gather(op, rhs, space, "rhs", "bkn", spec.rhs)
        scales: dict[str, AttributeValue] = {
            k: op.attributes[k] for k in ("lhs_scale", "adc_rms") if k in op.attributes
        }
        call = Op(
            "func.call",
            [x.result, w.result],
            [_matrix(op.results[0], space, "bmn")],
            {"callee": SymbolRef(kernel), "layer": self.layer, "macs": op.attributes["macs"], **scales},
            loc=op.loc,
        )
        self.layer += 1
        attributes: dict[str, AttributeValue] = {
            "space": space,
            "map": out_map,
            "combine": op.attributes["combine"],
            "work": _scatter_work(op, space, spec),
        }
        scatter = Op(
            "tile.scatter",
            [call.result],
            [op.result.type],
            attributes,
            loc=op.loc,
            result_names=[op.result.name],
        )
        self.mapping[op.result] = scatter.result
        return [x, w, call, scatter]

    def _spec(self, op: Op, space: IterSpace) -> KernelSpec:
        kind = op.results[0].type
        assert isinstance(kind, TensorType)
        sizes = {r: e if (e := space.size(r)).is_constant else sym(r) for r in "kn"}
        return KernelSpec(
            k=sizes["k"],
            n=sizes["n"],
            tile_k=self.shape.k,
            tile_n=self.shape.n,
            vectors=1,
            lhs=cast(Quant, op.attributes.get("lhs_quant", Quant())),
            rhs=cast(Quant, op.attributes.get("rhs_quant", Quant())),
            adc=cast(Adc, op.attributes.get("adc", Adc())),
            element=cast(ScalarType, kind.element).name,
        )

    def _kernel(self, spec: KernelSpec) -> str:
        if spec in self.kernels:
            self.notes.did("calls that share a kernel")
            return self.kernels[spec]
        base = f"gemm_k{spec.k}_n{spec.n}_{spec.element}"
        taken = set(self.kernels.values())
        name = next(n for i in range(len(taken) + 1) if (n := f"{base}_{i}" if i else base) not in taken)
        self.kernels[spec] = name
        self.notes.did("kernels")
        return name

    def _gather(self, op: Op, value: Value, space: IterSpace, role: str, roles: str, quant: Quant) -> Op:
        access = op.attributes[role]
        assert isinstance(access, AccessMap)
        constant = value in self.constants  # gathered and quantized once, when the program is loaded
        work = Work() if constant else _gather_work(value, space, roles, access, quant)
        return Op(
            "tile.gather",
            [value],
            [_matrix(value, space, roles)],
            {"space": space, "map": access, "role": role, "work": work},
            loc=op.loc,
        )


def _matrix(value: Value, space: IterSpace, roles: str) -> TensorType:
    assert isinstance(value.type, TensorType)
    return TensorType(value.type.element, tuple(space.size(r) for r in roles))


def _elements(space: IterSpace, roles: str) -> SymExpr:
    total = sym(1)
    for role in roles:
        total = total * space.size(role)
    return total


def _is_view(space: IterSpace, roles: str, access: AccessMap) -> bool:
    """True when the matrix is the tensor read in its own order: nothing moves."""
    axes = [sym(f"{r}{i}") for r in roles for i in range(len(space.extents(r)))]
    return [e for e in access.exprs if e != sym(0)] == axes


def _gather_work(value: Value, space: IterSpace, roles: str, access: AccessMap, quant: Quant) -> Work:
    """im2col moves every element of the matrix; a dynamic scale looks at each and multiplies it."""
    assert isinstance(value.type, TensorType)
    elements = _elements(space, roles)
    moved = sym(0) if _is_view(space, roles, access) else (elements * element_bits(value.type)).ceildiv(8)
    dynamic = quant.bits and quant.scale == "dynamic"
    return Work(
        elementwise=elements if quant.bits else 0,  # scaling and rounding
        reduce=elements if dynamic else 0,  # absolute maximum
        moved_bytes=moved,
    )


def _scatter_work(op: Op, space: IterSpace, spec: KernelSpec) -> Work:
    """Partial sums of the k tiles and sign passes are added, the sum is scaled; col2im adds once more."""
    kind = op.results[0].type
    assert isinstance(kind, TensorType)
    outputs = _elements(space, "bmn")
    partials = space.size("k").ceildiv(spec.tile_k) * (spec.lhs.passes * spec.rhs.passes)
    adds = outputs * (partials - 1)
    scaling = outputs if spec.lhs.bits or spec.rhs.bits else sym(0)
    col2im = outputs if op.attributes["combine"] == "add" else sym(0)
    access = op.attributes["out"]
    assert isinstance(access, AccessMap)
    view = _is_view(space, "bmn", access)
    moved = sym(0) if view else (outputs * element_bits(kind)).ceildiv(8)
    return Work(elementwise=adds + scaling + col2im, moved_bytes=moved)
