"""Module, functions and weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from heliograph.ir.core import Attribute, FunctionType, Op, SymbolRef, SymExpr, TensorType, Type, dialect_attribute
from heliograph.ir.dialects.opdef import MANY, OpDef, declare


@dialect_attribute("helio.weight")
@dataclass(frozen=True, slots=True)
class WeightRef(Attribute):
    """Where a weight's bytes are; the compiler does not open them.

    `file` is the external data file relative to the model, or the model itself, or empty for a weight that the
    compiler computed and holds in memory; `offset` and `bytes` are given for external data. `data` holds the
    little-endian bytes of a tiny tensor as hex, so that dumps read well.
    """

    name: str
    file: str = ""
    offset: int = 0
    bytes: int = 0
    data: str = ""


@dialect_attribute("helio.tensor")
@dataclass(frozen=True, slots=True)
class InlineTensor(Attribute):
    """A tensor-valued ONNX attribute: its type and little-endian bytes as hex."""

    type: Type
    data: str


def _verify_func(op: Op) -> Iterator[str]:
    kind = op.attributes["function_type"]
    assert isinstance(kind, FunctionType)
    block = op.body
    names, defaults = op.attributes.get("helio.inputs", ()), op.attributes.get("helio.defaults", ())
    if not isinstance(names, tuple) or not isinstance(defaults, tuple):
        yield "helio.inputs and helio.defaults are lists"
    elif not all(isinstance(d, WeightRef) and d.name in names for d in defaults):
        yield "helio.defaults gives weights by the names of inputs"
    if tuple(a.type for a in block.args) != kind.inputs:
        yield "block arguments differ from the function type"
    if not block.ops or block.ops[-1].name != "func.return":
        yield "does not end in func.return"
    elif tuple(v.type for v in block.ops[-1].operands) != kind.results:
        yield "returned types differ from the function type"


def _verify_weight(op: Op) -> Iterator[str]:
    kind = op.results[0].type
    if not isinstance(kind, TensorType) or kind.shape is None or any(not d.is_constant for d in kind.shape):
        yield "a weight has a tensor type of fixed shape"


declare(OpDef("builtin.module", "a whole model or program", regions=1, optional={"sym_name": (str,)}))
declare(
    OpDef(
        "func.func",
        "a function; `main` is the model, the others are kernels",
        regions=1,
        required={"sym_name": (str,), "function_type": (FunctionType,)},
        # kernels are private; makespan_ps: of @main, when scheduled
        optional={"sym_visibility": (str,), "makespan_ps": (SymExpr, int)},
        verify=_verify_func,
    )
)
declare(OpDef("func.return", "ends a function", operands=(0, MANY)))
declare(
    OpDef(
        "func.call",
        "runs a kernel",
        operands=(0, MANY),
        results=(0, MANY),
        required={"callee": (SymbolRef,)},
        # layer: number of the contraction in the program, keys its noise; macs: of this call
        optional={"layer": (int,), "macs": (SymExpr, int), "lhs_scale": (float,), "adc_rms": (float,)},
    )
)
declare(
    OpDef(
        "helio.weight",
        "a constant tensor, by reference",
        results=(1, 1),
        required={"ref": (WeightRef,)},
        verify=_verify_weight,
    )
)
declare(OpDef("helio.none", "an absent optional input of an ONNX op", results=(1, 1)))
