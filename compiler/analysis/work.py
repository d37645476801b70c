"""Electronic work of ONNX ops: how many operations of which kind, as expressions in the model's sizes.

Conventions (assumed, since ONNX fixes results and not algorithms): softmax takes a maximum, a subtraction, an
exponential, a sum and a division per element; layer-type normalisations two reductions and four elementwise
operations per element; ops that only rearrange data move their output once; ops that only reinterpret a shape are
free in any implementation and cost nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable

from heliograph.compiler.analysis.macs import macs_of
from heliograph.ir.core import DenseArray, DialectType, Op, ScalarType, SymExpr, TensorType, Value, sym
from heliograph.ir.dialects import Work

_SHAPE_ONLY = frozenset(
    "Reshape Flatten Squeeze Unsqueeze Identity Shape Size Constant ConstantOfShape OptionalHasElement "
    "OptionalGetElement Optional SequenceEmpty SequenceLength SequenceConstruct SequenceAt".split()
)
_MOVES = frozenset(
    "Transpose Concat Split Slice Gather GatherElements GatherND Scatter ScatterElements ScatterND Pad Expand Tile "
    "DepthToSpace SpaceToDepth ReverseSequence Compress Cast CastLike Where OneHot Trilu EyeLike Range TopK Unique "
    "NonZero SplitToSequence ConcatFromSequence SequenceInsert SequenceErase RoiAlign GridSample Dropout".split()
)
_TRANSCENDENTAL = frozenset(
    "Exp Log Sqrt Pow Tanh Sigmoid Erf Gelu Elu Selu Celu Softplus Mish Swish Sin Cos Tan Asin Acos Atan Sinh Cosh "
    "Asinh Acosh Atanh Reciprocal".split()
)
_NORMS = frozenset(
    "LayerNormalization InstanceNormalization GroupNormalization RMSNormalization MeanVarianceNormalization "
    "LpNormalization SimplifiedLayerNormalization SkipLayerNormalization".split()
)
_SOFTMAX = frozenset(("Softmax", "LogSoftmax", "Hardmax"))
_POOLS = frozenset(("MaxPool", "AveragePool", "LpPool"))
_GLOBAL_POOLS = frozenset(("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"))
_CONTROL = frozenset(("If", "Loop", "Scan"))
_BITS = {"i1": 8, "index": 64}


def work_of(op: Op) -> Work:
    """Work of one ONNX op, of its subgraphs included (one iteration of a loop)."""
    kind = op.name.rpartition(".")[2]
    macs = macs_of(op)
    if macs is not None:
        return Work(macs=macs)
    if kind in _CONTROL:
        return total(work_of(inner) for region in op.regions for inner in region.block.ops)
    if op.name.startswith("helio.") or kind in _SHAPE_ONLY or kind == "yield":
        return Work()
    out = _elements(op.results)
    first = _elements(op.operands[:1])
    if kind in _MOVES:
        return Work(moved_bytes=_bytes(op.results))
    if kind in _TRANSCENDENTAL:
        return Work(transcendental=out)
    if kind in _SOFTMAX:
        return Work(elementwise=out * 2, reduce=out * 2, transcendental=out)
    if kind in _NORMS:
        return Work(elementwise=first * 4, reduce=first * 2)
    if kind == "BatchNormalization":
        return Work(elementwise=first * 2)
    if kind.startswith(("Reduce", "Arg", "CumSum")) or kind in _GLOBAL_POOLS:
        return Work(reduce=first)
    if kind in _POOLS:
        window = op.attributes.get("kernel_shape")
        taps = 1
        for size in window.values if isinstance(window, DenseArray) else ():
            taps *= int(size)
        return Work(reduce=out * taps)
    operands = max(1, len(op.operands) - 1)  # a sum of five tensors adds four times
    return Work(elementwise=out * operands if kind in ("Sum", "Mean", "Max", "Min") else out)


def total(works: Iterable[Work]) -> Work:
    """Sum of several works."""
    result = Work()
    for work in works:
        result = result + work
    return result


def _elements(values: Iterable[Value]) -> SymExpr:
    count = sym(0)
    for value in values:
        numel = value.type.numel if isinstance(value.type, TensorType) else None
        count = count + (numel if numel is not None else 0)
    return count


def _bytes(values: Iterable[Value]) -> SymExpr:
    count = sym(0)
    for value in values:
        if isinstance(value.type, TensorType) and value.type.numel is not None:
            count = count + (value.type.numel * element_bits(value.type)).ceildiv(8)
    return count


def element_bits(kind: TensorType) -> int:
    """Bits of one element in memory."""
    element = kind.element
    if isinstance(element, DialectType):
        return 128 if element.name == "onnx.complex128" else 64
    assert isinstance(element, ScalarType)
    if element.name in _BITS:
        return _BITS[element.name]
    digits = "".join(c for c in element.name.partition("E")[0] if c.isdigit())
    return int(digits) if digits else 32
