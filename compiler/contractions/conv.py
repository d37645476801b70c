"""Conv of any rank, group, dilation, stride and padding, read through im2col access maps."""

from __future__ import annotations

from heliograph.compiler.contractions.lowering import Lowering, StaysElectronic, optional_operand, out_type, shape_of
from heliograph.compiler.contractions.window import Window, add_bias, ints
from heliograph.ir.core import Op, SymExpr, Value, sym
from heliograph.ir.size_names import spell_size


def lower(op: Op, lowering: Lowering) -> list[Value]:
    """Lower one Conv: rows are output positions, columns output channels, groups are batch entries."""
    image, weight, bias = op.operands[0], op.operands[1], optional_operand(op, 2)
    x, w = shape_of(image), shape_of(weight)
    window = Window.of(op, w[2:])
    if len(x) != len(w):
        raise StaysElectronic("HG2007", f"input of rank {len(x)} with weights of rank {len(w)}")
    begin, sizes = _geometry(op, window, x[2:])
    channels = _exact(w[0], window.group)

    extents: dict[str, SymExpr | int] = {"image": x[0]}
    if window.group > 1:
        extents["group"] = window.group
    group = sym("group") if window.group > 1 else sym(0)
    index_x: list[SymExpr | int] = [sym("image"), group * w[1] + sym("channel")]
    index_w: list[SymExpr | int] = [group * channels + sym("filter"), sym("channel")]
    index_y: list[SymExpr | int] = [sym("image"), group * channels + sym("filter")]
    kernel_extents: dict[str, SymExpr | int] = {"channel": w[1]}
    for axis in range(window.rank):
        place, tap = sym(f"place{axis}"), sym(f"tap{axis}")
        extents[f"place{axis}"] = sizes[axis]
        kernel_extents[f"tap{axis}"] = window.kernel[axis]
        index_x.append(place * window.strides[axis] + tap * window.dilations[axis] - begin[axis])
        index_w.append(tap)
        index_y.append(place)
    extents |= {**kernel_extents, "filter": channels}
    kind = out_type(op, [x[0], w[0], *sizes])
    result = lowering.contract((image, index_x), (weight, index_w), (kind, index_y), extents)
    return [result if bias is None else add_bias(result, bias, window.rank, lowering)]


def _geometry(op: Op, window: Window, image: tuple[SymExpr, ...]) -> tuple[list[SymExpr], list[SymExpr]]:
    """Leading padding and output size of every spatial axis."""
    pads = ints(op, "pads") or (0,) * (2 * window.rank)
    begin: list[SymExpr] = []
    sizes: list[SymExpr] = []
    for axis in range(window.rank):
        stride = window.strides[axis]
        if window.auto_pad in ("SAME_UPPER", "SAME_LOWER"):
            size = image[axis].ceildiv(stride)
            total = ((size - 1) * stride + window.reach(axis) - image[axis]).max(0)
            first = total // 2 if window.auto_pad == "SAME_UPPER" else total.ceildiv(2)
        else:
            before, after = (0, 0) if window.auto_pad == "VALID" else (pads[axis], pads[axis + window.rank])
            size = (image[axis] + (before + after) - window.reach(axis)) // stride + 1
            first = sym(before)
        begin.append(first)
        sizes.append(size)
    return begin, sizes


def _exact(size: SymExpr, parts: int) -> SymExpr:
    if size % parts != sym(0):
        raise StaysElectronic("HG2007", f"{spell_size(size)} filters in {parts} groups")
    return size // parts
