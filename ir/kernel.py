"""GEMM kernels: the function that one optical matrix product becomes, and a view of such a function.

A kernel computes ``y[b, m, n] = sum_k x[b, m, k] * w[b, k, n]`` tile by tile. It is written once per shape and
precision and called by every layer that fits; `b` and `m` are always symbols of the kernel.

    func.func private @gemm_k64_n512(%x: tensor<?x?x64xf32>, %w: tensor<?x64x512xf32>) -> tensor<?x?x512xf32> {
      tile.for b, n, k {                                   // one trip per weight tile
        %bank = optical.hold(%w, b, k, n)
        tile.for m {                                       // vectors stream through the bank
          optical.detect(optical.multiply(%bank, optical.encode(tile.load(%x, b, m, k)))) -> tile.accumulate
        }
      }
    }
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from heliograph.ir.core import (
    AttributeValue,
    Block,
    DialectType,
    FunctionType,
    Op,
    Region,
    ScalarType,
    SymExpr,
    TensorType,
    Value,
    sym,
    walk,
)
from heliograph.ir.dialects import Adc, LoopTiming, Quant, Wdm

_INDEX = ScalarType("index")


@dataclass(frozen=True)
class KernelSpec:
    """Everything that tells one kernel from another; equal specs share one function.

    `k`, `n`: sizes (symbols ``k``/``n`` when they vary between calls). `tile_k` x `tile_n`: weights held at once.
    `vectors`: rows of x that one symbol carries (FSR orders). `element`: element type of x, w and y.
    """

    k: SymExpr
    n: SymExpr
    tile_k: int
    tile_n: int
    vectors: int
    lhs: Quant
    rhs: Quant
    adc: Adc
    element: str = "f32"
    wdm: Wdm | None = None

    @property
    def weight_loads(self) -> SymExpr:
        """How often a bank is written per batch entry: weight tiles times sign passes of the held operand."""
        return self.k.ceildiv(self.tile_k) * self.n.ceildiv(self.tile_n) * self.rhs.passes

    @property
    def symbols_per_load(self) -> SymExpr:
        """Symbols streamed through one loaded bank, as a function of ``m``."""
        return sym("m").ceildiv(self.vectors) * (self.lhs.passes * self.adc.repeats)


def _plain(size: SymExpr) -> SymExpr | int:
    return int(size) if size.is_constant else size


def build_kernel(name: str, spec: KernelSpec) -> Op:
    """The kernel function of a spec, at the tiled level."""
    x = Value(TensorType(ScalarType(spec.element), (sym("b"), sym("m"), spec.k)), "x")
    w = Value(TensorType(ScalarType(spec.element), (sym("b"), spec.k, spec.n)), "w")
    y_type = TensorType(ScalarType(spec.element), (sym("b"), sym("m"), spec.n))
    b, n, k, m = (Value(_INDEX, axis) for axis in "bnkm")

    bank = DialectType("optical.bank", (spec.tile_k, spec.tile_n))
    field_in = DialectType("optical.field", (spec.vectors, spec.tile_k))
    field_out = DialectType("optical.field", (spec.vectors, spec.tile_n))
    vectors = TensorType.of(spec.element, spec.vectors, spec.tile_k)
    partial = TensorType.of(spec.element, spec.vectors, spec.tile_n)

    hold = Op(
        "optical.hold",
        [w, b, k, n],
        [bank],
        {"shape": (spec.tile_k, spec.tile_n), "quant": spec.rhs},
        result_names=["bank"],
    )
    load = Op("tile.load", [x, b, m, k], [vectors], {"shape": (spec.vectors, spec.tile_k)})
    wdm = {"wdm": spec.wdm} if spec.wdm else {}
    encode = Op("optical.encode", [load.result], [field_in], {"quant": spec.lhs, **wdm})
    multiply = Op("optical.multiply", [hold.result, encode.result], [field_out])
    detect = Op("optical.detect", [multiply.result], [partial], {"adc": spec.adc})
    accumulate = Op("tile.accumulate", [detect.result, b, m, n])
    stream = Op(
        "tile.for",
        attributes={"axes": ("m",), "extent": (sym("m"),), "step": (spec.vectors,), "tail": "mask"},
        regions=[Region([Block([m], [load, encode, multiply, detect, accumulate, Op("tile.yield")])])],
    )
    nest = Op(
        "tile.for",
        [],
        [y_type],
        {
            "axes": ("b", "n", "k"),
            "extent": (sym("b"), _plain(spec.n), _plain(spec.k)),
            "step": (1, spec.tile_n, spec.tile_k),
            "tail": "zero",
            "reduce": ("k",),
        },
        [Region([Block([b, n, k], [hold, stream, Op("tile.yield")])])],
        result_names=["y"],
    )
    body = Block([x, w], [nest, Op("func.return", [nest.result])])
    kind = FunctionType((x.type, w.type), (y_type,))
    attributes: dict[str, AttributeValue] = {"sym_name": name, "sym_visibility": "private", "function_type": kind}
    return Op("func.func", attributes=attributes, regions=[Region([body])])


@dataclass(frozen=True)
class KernelView:
    """The named ops of a kernel function; the one place that knows where each stands."""

    func: Op
    nest: Op
    stream: Op
    hold: Op
    encode: Op
    detect: Op

    @staticmethod
    def of(func: Op) -> KernelView:
        """Find the ops of a kernel. Raises ValueError when the function is not a kernel."""
        found: dict[str, Op] = {}
        for op in walk(func):
            key = "stream" if op.name == "tile.for" and "nest" in found else op.name.removeprefix("optical.")
            found.setdefault("nest" if op.name == "tile.for" and key != "stream" else key, op)
        try:
            return KernelView(func, *(found[k] for k in ("nest", "stream", "hold", "encode", "detect")))
        except KeyError as missing:
            raise ValueError(f"@{func.sym_name} is not a GEMM kernel: no {missing}") from missing

    @property
    def spec(self) -> KernelSpec:
        """The spec that `build_kernel` would build this function from."""
        x, w = self.func.body.args
        assert isinstance(x.type, TensorType)
        assert isinstance(w.type, TensorType)
        assert w.type.shape is not None
        tile_k, tile_n = cast(tuple[int, int], self.hold.attributes["shape"])
        (vectors,) = cast(tuple[int], self.stream.attributes["step"])
        element = cast(ScalarType, x.type.element).name
        return KernelSpec(
            k=w.type.shape[1],
            n=w.type.shape[2],
            tile_k=tile_k,
            tile_n=tile_n,
            vectors=vectors,
            lhs=cast(Quant, self.encode.attributes["quant"]),
            rhs=cast(Quant, self.hold.attributes["quant"]),
            adc=cast(Adc, self.detect.attributes["adc"]),
            element=element,
            wdm=cast("Wdm | None", self.encode.attributes.get("wdm")),
        )

    @property
    def timing(self) -> LoopTiming:
        """Timing of the weight-tile loop (scheduled level). Raises KeyError at lower levels."""
        return cast(LoopTiming, self.nest.attributes["timing"])
