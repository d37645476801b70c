"""Contractions on light.

`optical.gemm` is a batched matrix product ``out[b,m,n] = sum_k lhs[b,m,k] * rhs[b,k,n]`` whose operands are read,
and whose result is written, through *access maps*. The iteration space names the axes: the batch axes ``b0, b1..``,
the rows ``m0..`` of the streamed operand (lhs), the contracted axes ``k0..`` and the columns ``n0..`` of the held
operand (rhs). An access map gives, for each dimension of a tensor, an affine expression in those axes; reads outside
the tensor give zero (padding) and writes outside it are dropped. So a convolution is

    space  m = [batch, 28, 28], k = [16, 3, 3], n = [32]
    lhs    #optical.map<"m0, k0, m1 + k1 - 1, m2 + k2 - 1">     (im2col)
    rhs    #optical.map<"n0, k0, k1, k2">
    out    #optical.map<"m0, n0, m1, m2">

and a transposed convolution has columns ``n = [32, 4, 4]`` and adds into its output through col2im.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from heliograph.ir.core import (
    Attribute,
    DialectType,
    Op,
    SymExpr,
    TensorType,
    dialect_attribute,
    sym,
)
from heliograph.ir.core.symparse import parse_expr
from heliograph.ir.dialects.opdef import OpDef, declare

ROLES = ("b", "m", "k", "n")


@dialect_attribute("optical.space")
@dataclass(frozen=True, slots=True)
class IterSpace(Attribute):
    """Extents of the iteration axes by role; ``m = (batch, 28, 28)`` names axes m0, m1, m2."""

    b: tuple[SymExpr | int, ...] = ()
    m: tuple[SymExpr | int, ...] = ()
    k: tuple[SymExpr | int, ...] = ()
    n: tuple[SymExpr | int, ...] = ()

    def extents(self, role: str) -> tuple[SymExpr, ...]:
        """Extents of one role's axes."""
        return tuple(sym(e) for e in getattr(self, role))

    def axes(self) -> dict[str, SymExpr]:
        """All axes by name, in the order b, m, k, n."""
        return {f"{r}{i}": e for r in ROLES for i, e in enumerate(self.extents(r))}

    def size(self, role: str) -> SymExpr:
        """Product of one role's extents (1 when it has no axes)."""
        total = sym(1)
        for extent in self.extents(role):
            total = total * extent
        return total

    @property
    def macs(self) -> SymExpr:
        """Multiply-accumulates of the contraction."""
        return self.size("b") * self.size("m") * self.size("k") * self.size("n")


@lru_cache(maxsize=4096)
def _exprs(text: str) -> tuple[SymExpr, ...]:
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    return tuple(parse_expr(p) for p in parts if p.strip())


@dialect_attribute("optical.map")
@dataclass(frozen=True, slots=True)
class AccessMap(Attribute):
    """One index expression per tensor dimension, in the axes of an `IterSpace`."""

    index: str

    @staticmethod
    def of(*exprs: SymExpr | int | str) -> AccessMap:
        """Build from expressions."""
        return AccessMap(", ".join(str(parse_expr(e) if isinstance(e, str) else sym(e)) for e in exprs))

    @property
    def exprs(self) -> tuple[SymExpr, ...]:
        """The parsed index expressions."""
        return _exprs(self.index)

    def axes(self) -> frozenset[str]:
        """Every symbol that the map mentions (axes and sizes)."""
        return frozenset(s for e in self.exprs for s in e.symbols())


@dialect_attribute("optical.quant")
@dataclass(frozen=True, slots=True)
class Quant(Attribute):
    """How an operand goes on light.

    bits: levels are ``2**bits - 1`` steps of the full scale; 0 means full precision (the ideal target).
    axis: one scale per "tensor", "row" (of lhs: each m) or "col" (of rhs: each n).
    scale: "dynamic" (absolute maximum at run time), "absmax" (of a constant) or "static" (given at the call).
    signs: "unipolar" (non-negative, one pass), "two-pass" (x+ then x-), "offset" ((x+1)/2), "balanced" (two rails, or a
    field that carries its sign).
    """

    bits: int = 0
    axis: str = "tensor"
    scale: str = "dynamic"
    signs: str = "unipolar"

    @property
    def passes(self) -> int:
        """How often a symbol is sent (streamed operand) or a tile is written (held operand)."""
        return 2 if self.signs == "two-pass" else 1


@dialect_attribute("optical.adc")
@dataclass(frozen=True, slots=True)
class Adc(Attribute):
    """The converter behind a detector.

    bits: effective bits (ENOB); 0 means full precision. range: "full-scale" (N ports at full light) or "calibrated"
    (4 x the rms of partial sums, given at the call). repeats: how often each symbol is repeated and averaged.
    """

    bits: float = 0.0
    range: str = "full-scale"
    repeats: int = 1


@dialect_attribute("optical.wdm")
@dataclass(frozen=True, slots=True)
class Wdm(Attribute):
    """The wavelength plan: lambda_{p,q}(n) = center_nm + (p - q) step_nm + n fsr_nm.

    `orders` FSR orders carry as many independent vectors; `ports` is (inputs, outputs); with `wrap`, p - q is taken
    modulo the number of ports (cyclic router).
    """

    center_nm: float
    step_nm: float
    fsr_nm: float
    orders: int
    ports: tuple[int, ...]
    wrap: bool = False


def _verify_gemm(op: Op) -> Iterator[str]:
    space = op.attributes["space"]
    assert isinstance(space, IterSpace)
    values = {"lhs": op.operands[0], "rhs": op.operands[1], "out": op.results[0]}
    roles = {"lhs": "bmk", "rhs": "bkn", "out": "bmn"}
    for key, value in values.items():
        access = op.attributes[key]
        assert isinstance(access, AccessMap)
        if not isinstance(value.type, TensorType) or value.type.rank != len(access.exprs):
            yield f"{key} map has {len(access.exprs)} dimensions, the tensor is {value.type}"
        for axis in space.axes():
            if axis in access.axes() and axis[0] not in roles[key]:
                yield f"{key} map uses axis {axis}"


declare(
    OpDef(
        "optical.gemm",
        "a batched matrix product through access maps",
        operands=(2, 2),
        results=(1, 1),
        required={
            "space": (IterSpace,),
            "lhs": (AccessMap,),
            "rhs": (AccessMap,),
            "out": (AccessMap,),
            "combine": (str,),  # "store", or "add" where several (m, n) write one element (col2im)
            "macs": (SymExpr, int),
        },
        optional={
            "lhs_quant": (Quant,),
            "rhs_quant": (Quant,),
            "adc": (Adc,),
            "lhs_scale": (float,),
            "adc_rms": (float,),
        },
        verify=_verify_gemm,
    )
)


def _field(op: Op) -> Iterator[str]:
    if not isinstance(op.results[0].type, DialectType):
        yield "result is light, not a tensor"


declare(
    OpDef(
        "optical.hold",
        "writes one tile of the held operand into a weight bank: (rhs, b, k, n) -> bank",
        operands=(4, 4),
        results=(1, 1),
        required={"shape": (tuple,), "quant": (Quant,)},
        verify=_field,
    )
)
declare(
    OpDef(
        "optical.encode",
        "digital to light: scales, quantizes and modulates vectors of the streamed operand",
        operands=(1, 1),
        results=(1, 1),
        required={"quant": (Quant,)},
        optional={"wdm": (Wdm,)},
        verify=_field,
    )
)
declare(
    OpDef(
        "optical.multiply",
        "light through the weight bank: (bank, field) -> field",
        operands=(2, 2),
        results=(1, 1),
        verify=_field,
    )
)
declare(
    OpDef(
        "optical.detect",
        "light to digital: photodetection, analog-digital conversion, rescaling",
        operands=(1, 1),
        results=(1, 1),
        required={"adc": (Adc,)},
    )
)
