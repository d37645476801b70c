"""A contraction over windows as Conv, or ConvTranspose where it adds into windows of the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from heliograph.ir.core import AttributeValue, DenseArray, Op, SymExpr, Value
from heliograph.runtime.merging.body import Body
from heliograph.runtime.merging.contractions import Contraction
from heliograph.runtime.merging.maps import Extents, NotPlainError, Place

_MOST_PADDING = 64  # behind an image of open size


@dataclass(frozen=True)
class _Axis:
    """One spatial dimension."""

    stride: int
    dilation: int
    before: int
    after: int
    extra: int = 0  # output padding


def as_window(contraction: Contraction, body: Body) -> Value:
    """Add the convolution to a body. Raises NotPlainError, with nothing added, where the maps are not those of one.

    The operand that slides is the left one, or the right one where the left is the constant.
    """
    if contraction.element != "f32":
        raise NotPlainError(f"a convolution of {contraction.element}")
    match = _transposed if contraction.adds else _plain
    try:
        op_type, group, axes = match(contraction)
    except NotPlainError:
        contraction = contraction.swapped()
        op_type, group, axes = match(contraction)
    image, weight = (body.value(o.value) for o in (contraction.lhs, contraction.rhs))
    attributes: dict[str, AttributeValue] = {
        "strides": _ints(a.stride for a in axes),
        "dilations": _ints(a.dilation for a in axes),
        "pads": _ints([*(a.before for a in axes), *(a.after for a in axes)]),
        "group": group,
    }
    if any(a.extra for a in axes):
        attributes["output_padding"] = _ints(a.extra for a in axes)
    return body.onnx(op_type, [image, weight], contraction.out.sizes, **attributes)


def is_padded(op: Op) -> bool:
    """Whether an op is a convolution with windows that reach beyond the image."""
    pads = op.attributes.get("pads")
    return op.name == "onnx.Conv" and isinstance(pads, DenseArray) and any(pads.values)


def _plain(c: Contraction) -> tuple[str, int, list[_Axis]]:
    x, w, y = c.lhs.places, c.rhs.places, c.out.places
    _check_frame(c)
    groups, axes = _channels(c), []
    for a, b, out in zip(x[2:], w[2:], y[2:], strict=True):
        place, tap = _alone(out, c.extents), _alone(b, c.extents)
        stride, dilation = _two_steps(a, place, tap)
        axes.append(_padded(a, b.size, out.size, stride, dilation))
    return "Conv", groups, axes


def _padded(a: Place, taps: SymExpr, places: SymExpr, stride: int | None, dilation: int) -> _Axis:
    """Padding behind that gives as many places as there are."""
    reach, before = _constant((taps - 1) * dilation + 1), -a.start
    if before < 0:
        raise NotPlainError(f"a window that starts at {a.start}")
    if stride is None:  # a single place: any stride beyond the end
        stride = _constant(a.size) + before + reach
    exact = (places - 1) * stride + reach - before - a.size
    for after in (max(int(exact), 0),) if exact.is_constant else range(_MOST_PADDING):
        if (a.size + (before + after - reach)) // stride + 1 == places:
            return _Axis(stride, dilation, before, after)
    raise NotPlainError(f"{places} places for windows of {reach} on {a.size}")


def _transposed(c: Contraction) -> tuple[str, int, list[_Axis]]:
    x, w, y = c.lhs.places, c.rhs.places, c.out.places
    _check_frame(c)
    groups, axes = _channels(c), []
    for a, b, out in zip(x[2:], w[2:], y[2:], strict=True):
        place, tap = _alone(a, c.extents), _alone(b, c.extents)
        stride, dilation = _two_steps(out, place, tap)
        reach, before = (b.size - 1) * dilation + 1, -out.start
        rest = _constant((a.size - 1) * (stride or 1) + reach - before - out.size)
        extra = max(-rest, 0)
        stride = stride or extra + 1
        if before < 0 or extra >= stride:  # onnxruntime takes less extra than a stride
            raise NotPlainError(f"a result of {out.size} from {a.size}")
        axes.append(_Axis(stride, dilation, before, max(rest, 0), extra))
    return "ConvTranspose", groups, axes


def _check_frame(c: Contraction) -> None:
    """Images, channels and at least one spatial dimension everywhere; images are those of the result."""
    operands = (c.lhs, c.rhs, c.out)
    ranks = {len(o.places) for o in operands}
    if len(ranks) != 1 or ranks.pop() < 3:
        raise NotPlainError("not the dimensions of a convolution")
    if any(len(set(o.axes)) != len(o.axes) for o in operands) or set(c.extents) != {
        a for o in operands for a in o.axes
    }:
        raise NotPlainError("axes that are not those of a convolution")
    image, result = c.lhs.places[0], c.out.places[0]
    axis = _alone(image, c.extents)
    if axis != _alone(result, c.extents) or image.size != result.size or axis in c.rhs.axes:
        raise NotPlainError("images that are not those of the result")


def _channels(c: Contraction) -> int:
    """The number of groups; checks that the three tensors agree on channels and filters."""
    x, y, outer, inner = c.lhs.places[1], c.out.places[1], c.rhs.places[0], c.rhs.places[1]
    group = x.steps.keys() & y.steps.keys()
    filters, channels = y.steps.keys() - group, x.steps.keys() - group
    shared, other = (channels, filters) if c.adds else (filters, channels)
    if outer.steps.keys() != group | shared or inner.steps.keys() != other:
        raise NotPlainError("weights that are not one per filter and channel")
    if max(len(group), len(filters), len(channels)) > 1:
        raise NotPlainError("channels of several axes")
    for place in (x, y, outer, inner):
        digits = place.digits(c.extents)
        if digits.part or (len(digits.axes) > 1 and digits.axes[0] not in group):
            raise NotPlainError("channels that are not all read")
    return _constant(c.extents[next(iter(group))]) if group else 1


def _alone(place: Place, extents: Extents) -> str:
    """The one axis that runs over all of a dimension, empty for a dimension of one element."""
    digits = place.digits(extents)
    if digits.part or len(digits.axes) > 1:
        raise NotPlainError("a dimension of several axes")
    return digits.axes[0] if digits.axes else ""


def _two_steps(window: Place, place: str, tap: str) -> tuple[int | None, int]:
    """Stride and dilation; no stride where there is a single place."""
    if set(window.steps) != {place, tap} - {""}:
        raise NotPlainError("a window over other axes than its places and taps")
    stride, dilation = window.steps.get(place), window.steps.get(tap, 1)
    if dilation < 1 or (stride is not None and stride < 1):
        raise NotPlainError("a window that runs backwards")
    return stride, dilation


def _constant(size: SymExpr) -> int:
    if not size.is_constant:
        raise NotPlainError(f"a window of {size}")
    return int(size)


def _ints(values: Iterable[int]) -> DenseArray:
    return DenseArray("i64", tuple(values))
