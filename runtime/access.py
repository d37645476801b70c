"""Gather and scatter through access maps, as strided views: no index array is ever made.

An index expression is affine in the axes once sizes are bound: ``2*m1 + k1 - 1``. Over a copy of the tensor that is
padded with zeros wherever the map reaches outside, each axis is then a constant stride, so the matrix is a view
of that copy (`numpy.lib.stride_tricks.as_strided`). Without padding there is no copy at all.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from heliograph.ir.core import Op
from heliograph.ir.dialects import AccessMap, IterSpace
from heliograph.ir.weights import Array
from heliograph.runtime.dtypes import work_dtype

Binding = Mapping[str, int]
_ROLES = {"lhs": ("b", "m", "k"), "rhs": ("b", "k", "n"), "out": ("b", "m", "n")}


@dataclass(frozen=True)
class Affine:
    """``constant + sum of coefficient * axis`` for one tensor dimension."""

    constant: int
    coefficients: Mapping[str, int]


@dataclass(frozen=True)
class Access:
    """A map with all sizes bound: extents of the axes it runs over, and one affine expression per dimension."""

    extents: Mapping[str, int]
    roles: tuple[tuple[str, ...], ...]  # axes that make up each dimension of the matrix
    dims: tuple[Affine, ...]

    @cached_property
    def matrix(self) -> tuple[int, ...]:
        """Shape of the matrix."""
        return tuple(math.prod(self.extents[a] for a in axes) for axes in self.roles)

    @cached_property
    def axes(self) -> tuple[str, ...]:
        """All axes in the order of the matrix."""
        return tuple(itertools.chain.from_iterable(self.roles))

    @cached_property
    def walked(self) -> tuple[str, ...] | None:
        """Axes in the order in which the tensor lies; None unless each axis is a dimension of its own, without gaps."""
        axes: list[str] = []
        for dim in self.dims:
            if dim.constant or len(dim.coefficients) > 1 or any(c != 1 for c in dim.coefficients.values()):
                return None
            axes += dim.coefficients
        return tuple(axes) if sorted(axes) == sorted(a for a in self.axes if self.extents[a] != 1) else None

    @cached_property
    def tensor(self) -> tuple[int, ...]:
        """Shape of the tensor, where `walked` is known: the map reaches each of its elements once."""
        return tuple(math.prod(self.extents[a] for a in dim.coefficients) for dim in self.dims)

    @cached_property
    def reached(self) -> bool:
        """Whether any element of the tensor is; not when no window fits."""
        return all(self.extents[a] for dim in self.dims for a in dim.coefficients)

    @cached_property
    def in_order(self) -> bool:
        """True when the elements of the matrix are those of the tensor in their own order: nothing moves."""
        return self.walked == tuple(a for a in self.axes if self.extents[a] != 1)

    def span(self, dim: Affine) -> tuple[int, int]:
        """Lowest and highest index that one dimension takes."""
        reach = [c * (self.extents[a] - 1) for a, c in dim.coefficients.items()]
        return dim.constant + sum(min(r, 0) for r in reach), dim.constant + sum(max(r, 0) for r in reach)


def resolve(space: IterSpace, index: AccessMap, role: str, binding: Binding) -> Access:
    """Bind the sizes of a map. Raises KeyError for an unbound size, ValueError for a map that is not affine."""
    return _resolve(space, index, role, tuple(sorted(binding.items())))


@lru_cache(maxsize=4096)
def _resolve(space: IterSpace, index: AccessMap, role: str, binding: tuple[tuple[str, int], ...]) -> Access:
    sizes = dict(binding)
    extents = {axis: extent.evaluate(sizes) for axis, extent in space.axes().items()}
    dims = []
    for expr in index.exprs:
        bound = expr.substitute({s: sizes[s] for s in expr.symbols() if s not in extents})
        if not bound.is_affine:
            raise ValueError(f"index '{expr}' is not affine")
        coefficients = {a: bound.coefficient(a) for a in bound.symbols()}
        dims.append(Affine(bound.constant, {a: c for a, c in coefficients.items() if extents[a] != 1}))
    roles = tuple(tuple(a for a in extents if a[0] == letter) for letter in _ROLES[role])
    used = {a for axes in roles for a in axes}
    return Access({a: e for a, e in extents.items() if a in used}, roles, tuple(dims))


def access_of(op: Op, binding: Binding) -> Access:
    """The bound map of a `tile.gather` or `tile.scatter`. Raises as `resolve` does."""
    space, index = op.attributes["space"], op.attributes["map"]
    assert isinstance(space, IterSpace)
    assert isinstance(index, AccessMap)
    return resolve(space, index, str(op.attributes.get("role", "out")), binding)


def gather(tensor: Array, space: IterSpace, index: AccessMap, role: str, binding: Binding) -> Array:
    """The matrix [B, M, K] (role "lhs") or [B, K, N] ("rhs"); reads outside the tensor give zero.

    The result is a read-only view of the tensor where strides allow. A batch that the map ignores has stride 0.
    """
    return gather_bound(tensor, resolve(space, index, role, binding))


def gather_bound(tensor: Array, access: Access) -> Array:
    """As `gather`, by a map whose sizes are bound."""
    if access.in_order and access.tensor == tensor.shape:
        view = tensor.reshape(access.matrix)
        view.flags.writeable = False
        return view
    reach = bounds(access, tensor.shape)
    return gather_grown(grown(tensor, reach), reach, access)


def gather_grown(tensor: Array, reach: Sequence[tuple[int, int]], access: Access) -> Array:
    """As `gather_bound`, from a tensor that was grown to the bounds `reach`."""
    batch, rows, columns = access.matrix
    if 0 in access.matrix:
        return np.zeros(access.matrix, tensor.dtype)
    axes = access.axes
    mentioned = {a for dim in access.dims for a in dim.coefficients}
    shared = not mentioned.intersection(access.roles[0])
    if shared:
        axes = (*access.roles[1], *access.roles[2])
    window = _window(tensor, [low for low, _ in reach], access, axes, {}, writeable=False)
    if shared:
        return np.broadcast_to(_matrix(window, 0, len(access.roles[1]), (1, rows, columns)), access.matrix)
    return _matrix(window, len(access.roles[0]), len(access.roles[1]), (batch, rows, columns))


def _matrix(window: Array, batch: int, rows: int, shape: tuple[int, int, int]) -> Array:
    """A window with that many batch and row axes as matrices: a view where strides allow.

    A copy is made with rows innermost where they lie closer together than columns, as pixels do in im2col: copying
    runs of neighbours is several times faster, and a transposed matrix multiplies as fast.
    """
    order = [*range(batch), *range(batch + rows, window.ndim), *range(batch, batch + rows)]
    last_row, last_column = batch + rows - 1, window.ndim - 1
    if rows and last_column > last_row and window.shape[last_row] > window.shape[last_column]:
        count, height, width = shape
        return window.transpose(order).reshape(count, width, height).transpose(0, 2, 1)
    return window.reshape(shape)


def scatter(
    matrix: Array, space: IterSpace, index: AccessMap, combine: str, shape: Sequence[int], binding: Binding
) -> Array:
    """The tensor of `shape` that a matrix [B, M, N] is written ("store") or added ("add") into.

    Writes outside the tensor are dropped; elements that nothing writes are zero.
    """
    return scatter_bound(matrix, resolve(space, index, "out", binding), combine, tuple(shape))


@np.errstate(over="ignore", invalid="ignore")  # sums beyond the type are infinite, as they are on electronics
def scatter_bound(matrix: Array, access: Access, combine: str, shape: tuple[int, ...]) -> Array:
    """As `scatter`, by a map whose sizes are bound."""
    if access.in_order and access.tensor == shape:
        return np.ascontiguousarray(matrix).reshape(shape)
    if access.walked is not None and access.tensor == shape:
        axes = [a for a in access.axes if access.extents[a] != 1]
        parts = matrix.reshape([access.extents[a] for a in axes])
        return np.ascontiguousarray(parts.transpose([axes.index(a) for a in access.walked])).reshape(shape)
    result_type = matrix.dtype
    dtype = work_dtype(result_type) if combine == "add" and result_type.kind in "fV" else result_type
    reach = bounds(access, shape)
    padded = np.zeros([high - low for low, high in reach], dtype)
    lows = [low for low, _ in reach]
    if 0 not in access.matrix:
        parts = matrix.reshape([access.extents[a] for a in access.axes])
        looped = overlapping(access)
        kept = [a for a in access.axes if a not in looped]
        parts = parts.transpose([access.axes.index(a) for a in (*looped, *kept)])
        for position in itertools.product(*(range(access.extents[a]) for a in looped)):
            window = _window(padded, lows, access, kept, dict(zip(looped, position, strict=True)), writeable=True)
            if combine == "add":
                window += parts[position]
            else:
                window[...] = parts[position]
    return cropped(padded, reach, shape).astype(result_type, copy=False)


def overlapping(access: Access) -> tuple[str, ...]:
    """Axes to loop over so that, with them fixed, no element is written twice.

    A dimension tells its axes apart when, sorted by coefficient, each steps over everything the smaller ones can
    reach. The shorter of two axes that collide is looped over (the kernel, not the image).
    """
    mentioned = {a for dim in access.dims for a in dim.coefficients}
    looped = {a for a in access.axes if a not in mentioned and access.extents[a] != 1}
    for dim in access.dims:
        while True:
            axes = sorted((a for a in dim.coefficients if a not in looped), key=lambda a: abs(dim.coefficients[a]))
            reach, collided = 0, ""
            for position, axis in enumerate(axes):
                if abs(dim.coefficients[axis]) <= reach:
                    collided = min(axes[: position + 1], key=lambda a: access.extents[a])
                    break
                reach += abs(dim.coefficients[axis]) * (access.extents[axis] - 1)
            if not collided:
                break
            looped.add(collided)
    return tuple(a for a in access.axes if a in looped)


def bounds(access: Access, shape: Sequence[int]) -> list[tuple[int, int]]:
    """First index and end per dimension of a tensor of `shape` grown to everything that the map reaches."""
    spans = (access.span(dim) for dim in access.dims)
    return [(min(0, low), max(size, high + 1)) for (low, high), size in zip(spans, shape, strict=True)]


def grown(tensor: Array, to: Sequence[tuple[int, int]]) -> Array:
    """The tensor with zeros around it, up to bounds; itself where they are its own."""
    if all(low == 0 and high == size for (low, high), size in zip(to, tensor.shape, strict=True)):
        return tensor
    result = np.zeros([high - low for low, high in to], tensor.dtype)
    result[tuple(slice(-low, size - low) for (low, _), size in zip(to, tensor.shape, strict=True))] = tensor
    return result


def cropped(tensor: Array, reach: Sequence[tuple[int, int]], shape: Sequence[int]) -> Array:
    """A tensor of `shape` out of one that was grown to the bounds `reach`."""
    inner = tensor[tuple(slice(-low, size - low) for (low, _), size in zip(reach, shape, strict=True)) or ...]
    return np.ascontiguousarray(inner).reshape(shape)


def _window(
    padded: Array, lows: Sequence[int], access: Access, axes: Sequence[str], fixed: Binding, *, writeable: bool
) -> np.ndarray[Any, Any]:
    """View of the padded tensor with one dimension per axis in `axes`; the other axes stand at `fixed` (or 0)."""
    start: list[Any] = []
    strides = dict.fromkeys(axes, 0)
    for dim, low, stride in zip(access.dims, lows, padded.strides, strict=True):
        first = dim.constant - low + sum(c * fixed.get(a, 0) for a, c in dim.coefficients.items())
        start.append(slice(first, None))
        for axis, coefficient in dim.coefficients.items():
            if axis in strides:
                strides[axis] += coefficient * stride
    origin = padded[(*start, ...)]
    shape = [access.extents[a] for a in axes]
    return as_strided(origin, shape, [strides[a] for a in axes], writeable=writeable)
