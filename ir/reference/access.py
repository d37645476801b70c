"""Access maps, element by element."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from heliograph.ir.dialects import AccessMap, IterSpace
from heliograph.ir.weights import Array

Binding = Mapping[str, int]


def positions(space: IterSpace, roles: str, sizes: Binding) -> Iterator[tuple[tuple[int, ...], dict[str, int]]]:
    """Every point of some roles' axes: its position in the matrix, one index per role, and the value of each axis."""
    extents = [[e.evaluate(sizes) for e in space.extents(role)] for role in roles]
    names = [f"{role}{i}" for role, own in zip(roles, extents, strict=True) for i in range(len(own))]
    for point in itertools.product(*(range(e) for own in extents for e in own)):
        values = dict(zip(names, point, strict=True))
        index = []
        for role, own in zip(roles, extents, strict=True):
            flat = 0
            for i, extent in enumerate(own):
                flat = flat * extent + values[f"{role}{i}"]
            index.append(flat)
        yield tuple(index), values


def matrix_shape(space: IterSpace, roles: str, sizes: Binding) -> tuple[int, ...]:
    """Shape of the matrix of some roles."""
    return tuple(math.prod(e.evaluate(sizes) for e in space.extents(role)) for role in roles)


def gather(tensor: Array, space: IterSpace, access: AccessMap, roles: str, sizes: Binding) -> Array:
    """``matrix[point] = tensor[map(point)]``; zero where the map leaves the tensor."""
    result = np.zeros(matrix_shape(space, roles, sizes), tensor.dtype)
    for index, values in positions(space, roles, sizes):
        where = tuple(e.evaluate({**sizes, **values}) for e in access.exprs)
        if _inside(where, tensor.shape):
            result[index] = tensor[where]
    return result


def scatter(
    matrix: Array, space: IterSpace, access: AccessMap, combine: str, shape: Sequence[int], sizes: Binding
) -> Array:
    """``tensor[map(point)] = matrix[point]`` (or ``+=``); dropped where the map leaves the tensor."""
    result = np.zeros(tuple(shape), matrix.dtype)
    for index, values in positions(space, "bmn", sizes):
        where = tuple(e.evaluate({**sizes, **values}) for e in access.exprs)
        if _inside(where, result.shape):
            result[where] = result[where] + matrix[index] if combine == "add" else matrix[index]
    return result


def _inside(where: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return all(0 <= i < size for i, size in zip(where, shape, strict=True))
