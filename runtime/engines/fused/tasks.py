"""Blocks of rows and columns, one per task of a worker. Results do not depend on the cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SCRATCH_BYTES = 1 << 17  # light of a task: stays in a core's second-level cache
_TASK_SUMS = 1 << 20  # slices x columns x rows that are worth a task of their own


@dataclass(frozen=True, slots=True)
class Task:
    """Rows [row, row + rows) of a batch entry, column blocks [block, block + blocks)."""

    entry: int
    row: int
    rows: int
    block: int
    blocks: int


def cut(
    batch: int, rows: int, blocks: int, row_bytes: int, row_sums: int, workers: int, together: int
) -> Iterator[Task]:
    """Tasks for all results: rows first, columns as well where there are too few rows for all workers.

    `row_bytes`: light of one row; `row_sums`: partial sums of one row; `together`: rows that save work in one task.
    """
    height = min(_SCRATCH_BYTES // max(row_bytes, 1), rows)
    if workers > 1:
        height = min(height, -(-rows * batch // (2 * workers)) + together - 1)
    height = max(height // together, 1) * together
    wanted = 1
    tasks = batch * -(-rows // height)
    if tasks < workers and row_sums * min(rows, height) * 2 > _TASK_SUMS:
        wanted = min(-(-workers // tasks), blocks)
    width = -(-blocks // wanted)
    for entry in range(batch):
        for row in range(0, rows, height):
            for block in range(0, blocks, width):
                yield Task(entry, row, min(height, rows - row), block, min(width, blocks - block))
