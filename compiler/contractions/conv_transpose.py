"""ConvTranspose as a matrix product and a col2im scatter: every input pixel paints its kernel into the output.

The product has exactly the multiply-accumulates of the operator; a zero-stuffed convolution would have stride^rank
times as many. The additions of col2im are electronic work and are counted.
"""

from __future__ import annotations

from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic, optional_operand, out_type, shape_of
from heliograph.compiler.contractions.window import Window, add_bias, ints
from heliograph.ir.core import Op, SymExpr, Value, sym
from heliograph.ir.size_names import spell_size


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one ConvTranspose: rows are input positions, columns (output channel, kernel tap)."""
    image, weight, bias = op.operands[0], op.operands[1], optional_operand(op, 2)
    x, w = shape_of(image), shape_of(weight)
    window = Window.of(op, w[2:])
    if len(x) != len(w):
        raise StaysElectronic("HG2007", f"input of rank {len(x)} with weights of rank {len(w)}")
    begin, sizes = _geometry(op, window, x[2:])
    if w[0] % window.group != sym(0):
        raise StaysElectronic("HG2007", f"{spell_size(w[0])} channels in {window.group} groups")
    channels = w[0] // window.group

    extents: dict[str, SymExpr | int] = {"image": x[0]}
    if window.group > 1:
        extents["group"] = window.group
    group = sym("group") if window.group > 1 else sym(0)
    index_x: list[SymExpr | int] = [sym("image"), group * channels + sym("channel")]
    index_w: list[SymExpr | int] = [group * channels + sym("channel"), sym("filter")]
    index_y: list[SymExpr | int] = [sym("image"), group * w[1] + sym("filter")]
    column_extents: dict[str, SymExpr | int] = {"channel": channels, "filter": w[1]}
    for axis in range(window.rank):
        place, tap = sym(f"place{axis}"), sym(f"tap{axis}")
        extents[f"place{axis}"] = x[2 + axis]
        column_extents[f"tap{axis}"] = window.kernel[axis]
        index_x.append(place)
        index_w.append(tap)
        index_y.append(place * window.strides[axis] + tap * window.dilations[axis] - begin[axis])
    extents |= column_extents
    kind = out_type(op, [x[0], w[1] * window.group, *sizes])
    result = lowering.contract((image, index_x), (weight, index_w), (kind, index_y), extents, add=True)
    return [result if bias is None else add_bias(result, bias, window.rank, lowering)]


def _geometry(op: Op, window: Window, image: tuple[SymExpr, ...]) -> tuple[list[SymExpr], list[SymExpr]]:
    """Leading crop and output size of every spatial axis (ONNX spec, ConvTranspose-22)."""
    pads = ints(op, "pads") or (0,) * (2 * window.rank)
    extra = ints(op, "output_padding") or (0,) * window.rank
    wanted = ints(op, "output_shape")
    begin: list[SymExpr] = []
    sizes: list[SymExpr] = []
    for axis in range(window.rank):
        stride = window.strides[axis]
        full = (image[axis] - 1) * stride + extra[axis] + window.reach(axis)
        same = window.auto_pad in ("SAME_UPPER", "SAME_LOWER")
        if wanted is not None or same:
            size = sym(wanted[-window.rank :][axis]) if wanted is not None else image[axis] * stride
            total = (full - size).max(0) if wanted is None else full - size
            first = total // 2 if window.auto_pad == "SAME_UPPER" else total - total // 2
        else:
            before, after = (0, 0) if window.auto_pad == "VALID" else (pads[axis], pads[axis + window.rank])
            size, first = full - (before + after), sym(before)
        begin.append(first)
        sizes.append(size)
    return begin, sizes
