"""Threads that share the tasks of a call."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Task = TypeVar("_Task")
_Done = TypeVar("_Done")


class Workers:
    """So many threads, started when first needed; 1 stands for the caller's own."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ThreadPoolExecutor | None = None
        self._process = 0

    def map(self, run: Callable[[_Task], _Done], tasks: Iterable[_Task]) -> Iterator[_Done]:
        """Like the builtin, side by side; an exception cancels what has not begun."""
        if self.count == 1:
            return map(run, tasks)
        if self._pool is None or self._process != os.getpid():  # a forked process has the pool, but not its threads
            self._pool, self._process = ThreadPoolExecutor(self.count), os.getpid()
        return self._pool.map(run, tasks)
