"""A progress bar for what takes long: on a terminal, from two seconds on; nothing where stderr is a file or a pipe."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_S = 2.0
Advance = Callable[[int, int, str], None]  # steps done, steps in all, what was done


@contextmanager
def progress(label: str, patience_s: float = PATIENCE_S) -> Iterator[Advance | None]:
    """Gives what to tell of every finished step; None where nobody looks. The bar is wiped when the work is done."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    bar = _Bar(label, sys.stderr)
    timer = threading.Timer(patience_s, bar.show)  # of a thread of its own: the first step may take long
    timer.daemon = True
    timer.start()
    try:
        yield bar.advance
    finally:
        timer.cancel()
        timer.join()  # else the bar could appear after it was wiped
        bar.wipe()


class _Bar:
    """Shown late or never, so that what is quick does not wait for rich to be imported."""

    def __init__(self, label: str, stream: TextIO) -> None:
        self._label, self._stream = label, stream
        self._done, self._steps, self._what = 0, 0, ""
        self._shown: Progress | None = None

    def advance(self, done: int, steps: int, what: str) -> None:
        """Take note of a finished step."""
        self._done, self._steps, self._what = done, steps, what
        if self._shown is not None:
            self._update(self._shown)

    def show(self) -> None:
        """Start drawing."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = [SpinnerColumn(), TextColumn(self._label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
        node = TextColumn("{task.description}", markup=False)
        bar = Progress(*columns, node, console=Console(file=self._stream), transient=True, redirect_stdout=False)
        bar.add_task("", total=None)
        self._shown = bar  # from here on `advance` draws; what it noted before is drawn now
        self._update(bar)
        bar.start()

    def wipe(self) -> None:
        """Stop drawing and leave no trace."""
        if self._shown is not None:
            self._shown.stop()

    def _update(self, bar: Progress) -> None:
        (task,) = bar.task_ids
        bar.update(task, completed=self._done, total=self._steps or None, description=self._what)
