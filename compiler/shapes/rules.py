"""Shape rules: result shapes of ONNX ops from operand shapes and size values (ONNX operator specification)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from heliograph.compiler.contractions import RULES as CONTRACTIONS
from heliograph.compiler.contractions.lowering import Lowering, shape_of
from heliograph.compiler.shapes.bodies import branches, loop
from heliograph.compiler.shapes.resizing import pad, resize
from heliograph.compiler.shapes.sizes import SizeValues, int_list
from heliograph.ir.core import Op, ScalarType, SymExpr, TensorType, sym
from heliograph.ir.weights import Weights

Shape = Sequence[SymExpr | None]
_TO_THE_END = 2**31 - 1  # what exporters write for "to the end"
Rule = Callable[[Op, SizeValues], list[Shape | None]]

_UNARY = (
    "Relu Sigmoid Tanh Exp Log Sqrt Erf Gelu Elu Selu Celu LeakyRelu Softplus Mish Swish HardSigmoid HardSwish Abs Neg "
    "Floor Ceil Round Sign Reciprocal Sin Cos Softmax LogSoftmax Identity Cast Clip Not Dropout Trilu CumSum IsNaN "
    "LayerNormalization RMSNormalization InstanceNormalization GroupNormalization BatchNormalization "
    "LpNormalization MeanVarianceNormalization"
)
_BROADCAST = (
    "Add Sub Mul Div Pow Mod Min Max Sum Mean Equal Less Greater LessOrEqual GreaterOrEqual And Or Xor Where PRelu"
)
_REDUCE = "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL2 ReduceL1 ReduceSumSquare ReduceLogSumExp"


def broadcast_shapes(shapes: Sequence[Sequence[SymExpr]]) -> list[SymExpr | None]:
    """Numpy broadcasting; a size that only the run can tell is None."""
    rank = max(len(s) for s in shapes)
    result: list[SymExpr | None] = []
    for i in range(rank):
        sizes = {s[i - rank + len(s)] for s in shapes if i >= rank - len(s)} - {sym(1)}
        fixed = [s for s in sizes if s.is_constant]
        if not sizes:
            result.append(sym(1))
        elif len(sizes) == 1:
            result.append(next(iter(sizes)))
        else:  # a size that meets a constant other than 1 is that constant
            result.append(fixed[0] if fixed else None)
    return result


def _contraction(op: Op, _: SizeValues) -> list[Shape | None]:
    """The rule of a contraction knows its results: read them off what it lowers to."""
    free = Op(op.name, op.operands, [TensorType(ScalarType("f32"), None)] * len(op.results), op.attributes)
    results = CONTRACTIONS[op.name](free, Lowering(Weights(), any_element=True))
    return [v.type.dims if isinstance(v.type, TensorType) else None for v in results]


def _axis(op: Op, rank: int, default: int = 0) -> int:
    axis = op.attributes.get("axis", default)
    assert isinstance(axis, int)
    return axis % rank if rank else 0


def _simplicity(size: SymExpr) -> tuple[bool, int, int]:
    """Of sizes that must be equal the simplest spelling comes first: constants, few terms, short ones."""
    return not size.is_constant, len(size.terms), len(str(size))


def _concat(op: Op, _: SizeValues) -> list[Shape | None]:
    shapes = [list(shape_of(v)) for v in op.operands]
    axis = _axis(op, len(shapes[0]))
    total = sym(0)
    for shape in shapes:
        total = total + shape[axis]
    others = [min((s[i] for s in shapes), key=_simplicity) for i in range(len(shapes[0]))]
    return [[total if i == axis else size for i, size in enumerate(others)]]


def _transpose(op: Op, _: SizeValues) -> list[Shape | None]:
    shape = shape_of(op.operands[0])
    order = int_list(op, "perm") or tuple(reversed(range(len(shape))))
    return [[shape[i] for i in order]]


def _reshape(op: Op, sizes: SizeValues) -> list[Shape | None]:
    shape, wanted = shape_of(op.operands[0]), sizes.of(op.operands[1])
    if wanted is None:
        return [None]
    kept = [shape[i] if w == sym(0) and not op.attributes.get("allowzero") else w for i, w in enumerate(wanted)]
    total, rest = sym(1), sym(1)
    for size in shape:
        total = total * size
    for size in kept:
        rest = rest if size == sym(-1) else rest * size
    return [[total // rest if size == sym(-1) else size for size in kept]]


def _expand(op: Op, sizes: SizeValues) -> list[Shape | None]:
    wanted = sizes.of(op.operands[1])
    return [None] if wanted is None else [broadcast_shapes([shape_of(op.operands[0]), wanted])]


def _axes(op: Op, sizes: SizeValues, rank: int) -> list[int] | None:
    axes = int_list(op, "axes")
    if axes is None and len(op.operands) > 1 and op.operands[1].type != ScalarType("none"):
        axes = sizes.ints(op.operands[1])
        if axes is None:
            raise ValueError("axes are computed")
    return None if axes is None else [a % rank for a in axes]


def _squeeze(op: Op, sizes: SizeValues) -> list[Shape | None]:
    shape = shape_of(op.operands[0])
    axes = _axes(op, sizes, len(shape))
    return [[s for i, s in enumerate(shape) if (s != sym(1) if axes is None else i not in axes)]]


def _unsqueeze(op: Op, sizes: SizeValues) -> list[Shape | None]:
    shape = list(shape_of(op.operands[0]))
    raw = sizes.ints(op.operands[1]) if len(op.operands) > 1 else int_list(op, "axes")
    if raw is None:
        return [None]
    for axis in sorted(a % (len(shape) + len(raw)) for a in raw):
        shape.insert(axis, sym(1))
    return [shape]


def _reduce(op: Op, sizes: SizeValues) -> list[Shape | None]:
    shape = shape_of(op.operands[0])
    axes = _axes(op, sizes, len(shape))
    if axes is None:
        axes = [] if op.attributes.get("noop_with_empty_axes") else list(range(len(shape)))
    if op.attributes.get("keepdims", 1):
        return [[sym(1) if i in axes else s for i, s in enumerate(shape)]]
    return [[s for i, s in enumerate(shape) if i not in axes]]


def _arg(op: Op, _: SizeValues) -> list[Shape | None]:
    """ArgMax and ArgMin: a place along one axis."""
    shape = list(shape_of(op.operands[0]))
    axis = _axis(op, len(shape))
    shape[axis : axis + 1] = [sym(1)] if op.attributes.get("keepdims", 1) else []
    return [shape]


def _gather(op: Op, _: SizeValues) -> list[Shape | None]:
    data, picks = shape_of(op.operands[0]), shape_of(op.operands[1])
    axis = _axis(op, len(data))
    return [[*data[:axis], *picks, *data[axis + 1 :]]]


def _slice(op: Op, sizes: SizeValues) -> list[Shape | None]:
    shape = list(shape_of(op.operands[0]))
    starts, ends = sizes.ints(op.operands[1]), sizes.of(op.operands[2])
    axes = sizes.ints(op.operands[3]) if len(op.operands) > 3 else tuple(range(len(starts or ())))
    steps = sizes.ints(op.operands[4]) if len(op.operands) > 4 else (1,) * len(starts or ())
    if starts is None or ends is None or axes is None or steps is None:
        return [None]
    result: list[SymExpr | None] = list(shape)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        result[axis] = _slice_size(shape[axis], start, end, step)
    return [result]


def _slice_size(size: SymExpr, start: int, end: SymExpr, step: int) -> SymExpr | None:
    if step < 1:
        return None
    if end.is_constant:
        stop = int(end)
        last = size + stop if stop < 0 else size if stop >= _TO_THE_END else size.min(stop)
    else:
        last = end
    first = size + start if start < 0 else sym(start)
    return (last - first).ceildiv(step).max(0)


def _split(op: Op, sizes: SizeValues) -> list[Shape | None]:
    shape = shape_of(op.operands[0])
    axis = _axis(op, len(shape))
    parts = sizes.of(op.operands[1]) if len(op.operands) > 1 else None
    if parts is None:
        whole, count = shape[axis], len(op.results)
        share = whole.ceildiv(count)
        parts = (*[share] * (count - 1), whole - share * (count - 1))
    return [[*shape[:axis], part, *shape[axis + 1 :]] for part in parts]


def _flatten(op: Op, _: SizeValues) -> list[Shape | None]:
    shape = shape_of(op.operands[0])
    axis = op.attributes.get("axis", 1)
    assert isinstance(axis, int)
    sides = [sym(1), sym(1)]
    for i, size in enumerate(shape):
        sides[i >= axis % (len(shape) + 1)] = sides[i >= axis % (len(shape) + 1)] * size
    return [sides]


def _pool(op: Op, _: SizeValues) -> list[Shape | None]:
    shape, kernel = shape_of(op.operands[0]), int_list(op, "kernel_shape")
    if kernel is None or op.attributes.get("auto_pad", "NOTSET") != "NOTSET":
        return [None]
    rank = len(kernel)
    strides, pads = int_list(op, "strides") or (1,) * rank, int_list(op, "pads") or (0,) * 2 * rank
    dilations = int_list(op, "dilations") or (1,) * rank
    result: list[SymExpr | None] = list(shape[:2])
    for i in range(rank):
        span = shape[2 + i] + (pads[i] + pads[i + rank] - (kernel[i] - 1) * dilations[i] - 1)
        steps = span.ceildiv(strides[i]) if op.attributes.get("ceil_mode") else span // strides[i]
        result.append(steps + 1)
    return [result]


def _global_pool(op: Op, _: SizeValues) -> list[Shape | None]:
    shape = shape_of(op.operands[0])
    return [[*shape[:2], *[sym(1)] * (len(shape) - 2)]]


def _rearranged(op: Op, _: SizeValues) -> list[Shape | None]:
    """DepthToSpace and SpaceToDepth on [N, C, H, W]."""
    n, c, h, w = shape_of(op.operands[0])
    block = op.attributes["blocksize"]
    assert isinstance(block, int)
    if op.name.endswith("DepthToSpace"):
        return [[n, c // (block * block), h * block, w * block]]
    return [[n, c * (block * block), h // block, w // block]]


def _filled(op: Op, sizes: SizeValues) -> list[Shape | None]:
    return [sizes.of(op.operands[0])]


def _range(op: Op, sizes: SizeValues) -> list[Shape | None]:
    start, limit, step = (sizes.of(v) for v in op.operands)
    if start is None or limit is None or step is None or not step[0].is_constant or int(step[0]) < 1:
        return [None]
    return [[(limit[0] - start[0]).ceildiv(step[0]).max(0)]]


def _same(op: Op, _: SizeValues) -> list[Shape | None]:
    return [shape_of(op.operands[0])]


def _broadcast(op: Op, _: SizeValues) -> list[Shape | None]:
    return [broadcast_shapes([shape_of(v) for v in op.operands])]


RULES: dict[str, Rule] = {
    **dict.fromkeys(_UNARY.split(), _same),
    **dict.fromkeys(_BROADCAST.split(), _broadcast),
    **dict.fromkeys(_REDUCE.split(), _reduce),
    **{name.removeprefix("onnx."): _contraction for name in CONTRACTIONS},
    **dict.fromkeys(("MaxPool", "AveragePool", "LpPool"), _pool),
    **dict.fromkeys(("GlobalAveragePool", "GlobalMaxPool"), _global_pool),
    **dict.fromkeys(("DepthToSpace", "SpaceToDepth"), _rearranged),
    "ArgMax": _arg,
    "ArgMin": _arg,
    "Concat": _concat,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "Expand": _expand,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Gather": _gather,
    "Slice": _slice,
    "Split": _split,
    "Pad": pad,
    "Resize": resize,
    "If": branches,
    "Loop": loop,
    "Flatten": _flatten,
    "ConstantOfShape": _filled,
    "Range": _range,
}
