"""The streamed operand of a product, whose rows are made when asked for: no im2col matrix lies in memory.

An affine map adds up what its axes contribute, so element (b, m, k) of the matrix lies at ``entry[b] + row[m] +
column[k]`` of the tensor (padded with zeros where the map reaches outside). An ordinary array is the same with places
from its strides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from heliograph.ir.weights import Array
from heliograph.runtime.access import Access, bounds, gather_grown, grown

LANES = 16  # rows of a block
RUNS = 4  # neighbours in memory that a block of rows may consist of and still be read by vectors
_BLOCK_BYTES = 1 << 22  # of rows made at a time where all rows are looked at
Words = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Runs:
    """How blocks of 16 rows lie: as `counts` runs of neighbours, 1 (all 16 in one), 2 or 4; 0: apart.

    Lane i of run r lies at ``places[block, r] + i`` where bit i of ``masks[block, r]`` is set.
    """

    counts: npt.NDArray[np.int32]
    places: Words
    masks: npt.NDArray[np.int32]

    @staticmethod
    def of(rows: Words) -> Runs:
        """Runs of rows at such places."""
        blocks = -(-len(rows) // LANES)
        lane = np.arange(len(rows)) % LANES
        starts = np.flatnonzero((lane == 0) | (np.diff(rows, prepend=rows[:1]) != 1))
        block = starts // LANES
        number = np.arange(len(starts)) - np.searchsorted(block, block)  # of the run within its block
        ends = np.append(starts[1:], len(rows))
        lengths = np.minimum(ends - starts, LANES)
        bits = ((1 << lengths) - 1) << lane[starts]
        found = np.bincount(block, minlength=blocks)
        counts = np.where(found > RUNS, 0, np.where(found > 2, RUNS, 2))
        counts[block[bits == (1 << LANES) - 1]] = 1
        places, masks = np.zeros((blocks, RUNS), np.int64), np.zeros((blocks, RUNS), np.int32)
        kept = number < RUNS
        places[block[kept], number[kept]] = (rows[starts] - lane[starts])[kept]
        masks[block[kept], number[kept]] = bits[kept]
        return Runs(counts.astype(np.int32), places, masks)


@dataclass(frozen=True)
class Places:
    """Where the elements of a streamed operand lie, in elements from the start of what `Streamed.float32` gives."""

    entries: Words
    rows: Words
    columns: Words

    @cached_property
    def _by_block(self) -> Words:
        """`rows`, the last one repeated up to a whole number of blocks."""
        return np.append(self.rows, np.repeat(self.rows[-1:], -len(self.rows) % LANES))

    @cached_property
    def runs(self) -> Runs | None:
        """Runs of neighbouring rows; None where each row lies in one piece."""
        if len(self.columns) < 2 or (np.diff(self.columns) == 1).all():
            return None
        return Runs.of(self.rows)

    @cached_property
    def addresses(self) -> dict[str, int]:
        """Addresses of the arrays, by what compiled kernels call them."""
        arrays = {"entry_places": self.entries, "row_places": self._by_block, "column_places": self.columns}
        if self.runs is not None:
            arrays |= {f"run_{name}": getattr(self.runs, name) for name in ("counts", "places", "masks")}
        return {name: array.ctypes.data for name, array in arrays.items()}


class Streamed:
    """An array [B, M, K] as it is."""

    def __init__(self, array: Array) -> None:
        self._array = array
        self.shape: tuple[int, int, int] = array.shape
        self.dtype: np.dtype[Any] = array.dtype

    @property
    def size(self) -> int:
        """Elements of the matrix."""
        return math.prod(self.shape)

    def matrix(self) -> Array:
        """All of it, read-only where it is a view."""
        return self._array

    def block(self, entries: slice, rows: slice) -> Array:
        """Some rows of some entries."""
        part: Array = self._array[entries, rows]
        return part

    def pick(self, entries: Array, rows: Array) -> Array:
        """Single rows [count, K]."""
        part: Array = self._array[entries, rows]
        return part

    def blocks(self) -> Iterator[Array]:
        """All rows, a few at a time."""
        yield self._array

    def elements(self) -> Iterator[Array]:
        """Arrays that hold each element of the matrix, and nothing else, at least once."""
        yield self._array

    def packed(self) -> tuple[Array, Places | None]:
        """Memory that holds the elements, and their places in it; None where it is the matrix itself."""
        return self._array, None

    def float32(self) -> tuple[Array, Places]:
        """Memory that holds the elements as float32, and their places in it."""
        array = self._array
        if array.dtype != np.float32 or any(stride % 4 for stride in array.strides):
            array = np.ascontiguousarray(array, np.float32)
        return array, _places(array.shape, tuple(stride // 4 for stride in array.strides))


class Window(Streamed):
    """The matrix that a map reads from a tensor."""

    def __init__(self, tensor: Array, plan: WindowPlan) -> None:
        self._plan = plan
        self._padded = np.ascontiguousarray(grown(tensor, plan.bounds))
        self.shape = plan.shape
        self.dtype = tensor.dtype

    def matrix(self) -> Array:
        """All of it, gathered."""
        return gather_grown(self._padded, self._plan.bounds, self._plan.access)

    def block(self, entries: slice, rows: slice) -> Array:
        """Some rows of some entries."""
        places = self._plan.places
        where = places.entries[entries, None, None] + places.rows[rows, None] + places.columns
        found: Array = self._padded.reshape(-1)[where]
        return found

    def pick(self, entries: Array, rows: Array) -> Array:
        """Single rows [count, K]."""
        places = self._plan.places
        where = (places.entries[entries] + places.rows[rows])[:, None] + places.columns
        found: Array = self._padded.reshape(-1)[where]
        return found

    def blocks(self) -> Iterator[Array]:
        """All rows, a few at a time."""
        batch, rows, k = self.shape
        height = max(1, _BLOCK_BYTES // (8 * max(k, 1)))
        for entry in range(batch):
            for row in range(0, rows, height):
                yield self.block(slice(entry, entry + 1), slice(row, row + height))

    def elements(self) -> Iterator[Array]:
        """The part of the tensor that the map reaches; its zeros where it reaches outside."""
        if self._plan.reached is None:
            yield from self.blocks()
        else:
            yield self._padded[np.ix_(*self._plan.reached)]

    def packed(self) -> tuple[Array, Places | None]:
        """The padded tensor, and places in it."""
        return self._padded, self._plan.places

    def float32(self) -> tuple[Array, Places]:
        """The padded tensor as float32, and places in it."""
        return self._padded.astype(np.float32, copy=False), self._plan.places


class WindowPlan:
    """What tensors of one shape need to be read, or written, by a map."""

    def __init__(self, access: Access, shape: tuple[int, ...]) -> None:
        self.access, self.tensor = access, shape
        self.bounds = bounds(access, shape)
        self.shape: tuple[int, int, int] = access.matrix[0], access.matrix[1], access.matrix[2]

    @cached_property
    def places(self) -> Places:
        """Where elements lie in the padded tensor."""
        sizes = [high - low for low, high in self.bounds]
        steps = dict.fromkeys(self.access.axes, 0)
        origin = 0
        for number, (dim, (low, _)) in enumerate(zip(self.access.dims, self.bounds, strict=True)):
            stride = math.prod(sizes[number + 1 :])
            origin += (dim.constant - low) * stride
            for axis, coefficient in dim.coefficients.items():
                steps[axis] += coefficient * stride
        entries, rows, columns = (
            _sums([(steps[axis], self.access.extents[axis]) for axis in axes]) for axes in self.access.roles
        )
        return Places(entries + origin, rows, columns)

    @cached_property
    def reached(self) -> tuple[Words, ...] | None:
        """Indices that each dimension of the padded tensor takes; None where dimensions move together."""
        axes = [axis for dim in self.access.dims for axis in dim.coefficients]
        if len(axes) > len(set(axes)) or 0 in self.shape:
            return None
        extents = self.access.extents
        return tuple(
            np.unique(_sums([(c, extents[axis]) for axis, c in dim.coefficients.items()])) + dim.constant - low
            for dim, (low, _) in zip(self.access.dims, self.bounds, strict=True)
        )


@lru_cache(maxsize=64)
def _places(shape: tuple[int, ...], strides: tuple[int, ...]) -> Places:
    """Places of an array with such strides, in elements."""
    return Places(*(np.arange(size, dtype=np.int64) * stride for size, stride in zip(shape, strides, strict=True)))


def _sums(axes: list[tuple[int, int]]) -> Words:
    """All sums of one multiple per axis (step, extent), the last axis fastest."""
    total = np.zeros(1, np.int64)
    for step, extent in axes:
        total = (total[:, None] + np.arange(extent, dtype=np.int64) * step).reshape(-1)
    return total


def as_streamed(operand: Array | Streamed) -> Streamed:
    """An operand of either kind."""
    return operand if isinstance(operand, Streamed) else Streamed(operand)


def whole(operand: Array | Streamed) -> Array:
    """The matrix itself."""
    return operand.matrix() if isinstance(operand, Streamed) else operand
