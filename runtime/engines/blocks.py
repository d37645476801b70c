"""Cuts the rows of a call into blocks that fit a cache. Results do not depend on the cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from heliograph.ir.weights import Array

BLOCK_ELEMENTS = 1 << 16  # partial sums worked on at a time


@dataclass(frozen=True, slots=True)
class Block:
    """Rows [m0, m1) of batch entries [b0, b1); all rows where there are several entries."""

    b0: int
    b1: int
    m0: int
    m1: int

    @property
    def where(self) -> tuple[slice, slice]:
        """Index of the block in an array [B, M, ...]."""
        return slice(self.b0, self.b1), slice(self.m0, self.m1)

    @property
    def shape(self) -> tuple[int, int]:
        """Batch entries and rows."""
        return self.b1 - self.b0, self.m1 - self.m0

    def weights(self, array: Array) -> Array:
        """Entries of the block, of an array whose first axis may be shared by all."""
        own: Array = array if len(array) == 1 else array[self.b0 : self.b1]
        return own

    def first_row(self, rows: int) -> int:
        """Position of the first row among all rows of all entries."""
        return self.b0 * rows + self.m0


def blocks(batch: int, rows: int, columns: int, elements: int = BLOCK_ELEMENTS) -> Iterator[Block]:
    """Blocks of about `elements` results: parts of one batch entry, or several whole entries."""
    height = max(1, elements // max(columns, 1))
    if height < rows:
        for b in range(batch):
            for m in range(0, rows, height):
                yield Block(b, b + 1, m, min(m + height, rows))
    elif rows:
        entries = max(1, height // rows)
        for b in range(0, batch, entries):
            yield Block(b, min(b + entries, batch), 0, rows)
