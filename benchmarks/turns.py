"""Timing in turns: every contender runs once per round, so that what else the machine does meets all alike."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping

ROUNDS = 7


def medians(
    runs: Mapping[str, Callable[[], object]], rounds: int = ROUNDS, *, processor_time: bool
) -> dict[str, float]:
    """Median seconds of each run, interleaved; a run that does not count comes first.

    Processor time (of all threads) is what a busy machine changes least; by wall clock threads count as they help.
    """
    clock = time.process_time if processor_time else time.perf_counter
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(rounds):
        for name, run in runs.items():
            started = clock()
            run()
            taken[name].append(clock() - started)
    return {name: statistics.median(times) for name, times in taken.items()}


def limit_threads(threads: int) -> None:
    """Start this script again with `threads` for numpy's BLAS, which reads that only when it is imported."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    if any(os.environ.get(name) != str(threads) for name in names):
        os.environ.update(dict.fromkeys(names, str(threads)))
        os.execv(sys.executable, [sys.executable, *sys.argv])


def processor() -> str:
    """Name of the processor, as the system gives it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    except OSError:
        return "unknown"
