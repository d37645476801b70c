"""Parts of a call, one at a time for a worker. Results do not depend on the cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from heliograph.runtime.windows import LANES

_MOST_SUMS = (
    1 << 26
)  # slices x columns x rows of a task: an interrupt waits for its end, which takes a tenth of a second
_WORTH_SHARING = 1 << 15  # likewise: fewer take less time than handing them to another worker
_PER_WORKER = 4  # tasks, so that all workers finish together


class Task(NamedTuple):
    """Rows [row, row + rows) of batch entries [entry, entry + entries), column blocks [block, block + blocks)."""

    entry: int
    entries: int
    row: int
    rows: int
    block: int
    blocks: int


def cut(batch: int, rows: int, blocks: int, row_sums: int, workers: int) -> Iterator[Task]:
    """Tasks for all results: entries first, then rows, columns as well where there are too few rows for all workers.

    `row_sums`: partial sums of one row.
    """
    if not batch * rows:
        return
    sums = batch * rows * row_sums
    share = sums if workers == 1 else max(-(-sums // (workers * _PER_WORKER)), _WORTH_SHARING)
    wanted_rows = max(1, min(share, _MOST_SUMS) // max(row_sums, 1))
    entries = max(1, min(wanted_rows // rows, batch))
    height = rows if wanted_rows >= rows else -(-wanted_rows // LANES) * LANES
    width = blocks
    tasks = -(-batch // entries) * -(-rows // height)
    if tasks < workers and row_sums * min(rows, height) > 2 * _WORTH_SHARING:
        width = -(-blocks // -(-workers // tasks))
    for entry in range(0, batch, entries):
        for row in range(0, rows, height):
            for block in range(0, blocks, width):
                yield Task(
                    entry, min(entries, batch - entry), row, min(height, rows - row), block, min(width, blocks - block)
                )
