"""Hand-built programs at the tiled level."""

from __future__ import annotations

import numpy as np

from heliograph.ir.core import (
    Block,
    DenseArray,
    FunctionType,
    Op,
    Region,
    SymbolRef,
    TensorType,
    Value,
    sym,
)
from heliograph.ir.dialects import AccessMap, Adc, IterSpace, Quant, WeightRef, Work
from heliograph.ir.kernel import KernelSpec, build_kernel
from heliograph.ir.weights import Weights

FULL = (Quant(), Quant(), Adc())
SIX_BITS = (Quant(6, "row", "dynamic", "two-pass"), Quant(6, "col", "absmax", "balanced"), Adc(6.0))


def module(main_ops, args, results, kernels=(), inputs=None, outputs=None, **attributes) -> Op:
    kind = FunctionType(tuple(a.type for a in args), tuple(r.type for r in results))
    main = Op(
        "func.func",
        attributes={
            "sym_name": "main",
            "function_type": kind,
            "helio.inputs": tuple(inputs or [a.name for a in args]),
            "helio.outputs": tuple(outputs or [f"y{i}" for i in range(len(results))]),
        },
        regions=[Region([Block(args, [*main_ops, Op("func.return", results)])])],
    )
    attributes = {"helio.level": "tiled", "helio.target": "awgr8-28g", "helio.opsets": {"onnx": 21}} | attributes
    return Op("builtin.module", attributes=attributes, regions=[Region([Block([], [main, *kernels])])])


def region(operands, body_args, body_ops, yielded, loc="", macs=0) -> Op:
    block = Block(body_args, [*body_ops, Op("electronic.yield", yielded)])
    return Op(
        "electronic.region",
        operands,
        [v.type for v in yielded],
        {"why": "test", "work": Work(macs=macs)},
        [Region([block])],
        loc=loc,
    )


def onnx_region(operand, op_type, loc="", **attributes) -> Op:
    """A region of one op with one operand."""
    arg = Value(operand.type, "a")
    node = Op(f"onnx.{op_type}", [arg], [operand.type], attributes, loc=loc)
    return region([operand], [arg], [node], [node.result])


def kernel_spec(k, n, formats=FULL, tile_k=8, tile_n=8, element="f32", vectors=1) -> KernelSpec:
    lhs, rhs, adc = formats
    return KernelSpec(sym(k), sym(n), tile_k, tile_n, vectors, lhs, rhs, adc, element)


def contraction(lhs, rhs, maps, space, out_type, kernel, layer=0, combine="store", loc="", **call) -> list[Op]:
    """Gather, call, scatter."""
    dims = {r: space.size(r) for r in "bmkn"}
    element = lhs.type.element

    def matrix(roles):
        return TensorType(element, tuple(dims[r] for r in roles))

    work = {"space": space, "work": Work()}
    x = Op("tile.gather", [lhs], [matrix("bmk")], {**work, "map": AccessMap.of(*maps[0]), "role": "lhs"}, loc=loc)
    w = Op("tile.gather", [rhs], [matrix("bkn")], {**work, "map": AccessMap.of(*maps[1]), "role": "rhs"}, loc=loc)
    attributes = {"callee": SymbolRef(kernel), "layer": layer, **call}
    y = Op("func.call", [x.result, w.result], [matrix("bmn")], attributes, loc=loc)
    scatter = Op(
        "tile.scatter",
        [y.result],
        [out_type],
        {**work, "map": AccessMap.of(*maps[2]), "combine": combine},
        loc=loc,
    )
    return [x, w, y, scatter]


def weight(name, array, weights: Weights | None = None, element="f32") -> Op:
    kind = TensorType.of(element, *array.shape)
    if weights is None:
        return Op("helio.weight", [], [kind], {"ref": WeightRef(name, data=array.tobytes().hex())}, result_names=[name])
    if name not in weights:
        weights.add_array(name, array)
    return Op("helio.weight", [], [kind], {"ref": WeightRef(name)}, result_names=[name])


def dense_layer(formats=FULL, k=19, n=13, seed=0, **call):
    """``y = relu(x @ w)`` with x [batch, k]; returns module, weights and w."""
    weights = Weights()
    w = np.random.default_rng(seed).standard_normal((k, n)).astype(np.float32)
    x = Value(TensorType.of("f32", "batch", k), "x")
    held = weight("w", w, weights)
    space = IterSpace(m=(sym("batch"),), k=(k,), n=(n,))
    spec = kernel_spec(k, n, formats)
    maps = (["m0", "k0"], ["k0", "n0"], ["m0", "n0"])
    kind = TensorType.of("f32", "batch", n)
    ops = contraction(x, held.result, maps, space, kind, "gemm", loc="/fc/MatMul", **call)
    send = Op("sched.send", [ops[-1].result], [kind], {"medium": "light", "to": "edge", "bits": 8})
    relu = onnx_region(send.result, "Relu", loc="/act/Relu")
    built = module([held, *ops, send, relu], [x], [relu.result], [build_kernel("gemm", spec)])
    return built, weights, w


def ints(*values: int) -> DenseArray:
    return DenseArray("i64", values)
